/** Largest relative change of brightness, contrast and saturation, and of hue as a share of the circle. */
export interface ColorJitter {
  brightness: number;
  contrast: number;
  saturation: number;
  hue: number;
}

/** How a view is drawn from a photo. */
export interface AugmentSettings {
  /**
   * `paper`: preprocess (resize, centre crop, normalize), then augment the tensor, as the reference code does.
   * `photo`: one antialiased warp straight from the photo, so a small crop keeps the photo's detail.
   */
  method: 'paper' | 'photo';
  /** Probability of a horizontal flip. */
  flip: number;
  /** Rotation is uniform in ± this many degrees. */
  rotationDegrees: number;
  /** Share of the area that a random resized crop takes. */
  cropArea: [low: number, high: number];
  /** Aspect ratio (width / height) of the crop, drawn log-uniformly. */
  cropAspect: [low: number, high: number];
  colorJitter: ColorJitter | null;
  /**
   * With a mask, least share of the object's pixels that a crop must keep; crops that keep less are drawn again a few
   * times. 0 for no such wish. `photo` only.
   */
  minObject: number;
}

/** Exactly method §1.5: flip, ±10°, area .8 to 1, no colour. */
export const PAPER_AUGMENT: AugmentSettings = {
  method: 'paper',
  flip: 0.5,
  rotationDegrees: 10,
  cropArea: [0.8, 1],
  cropAspect: [3 / 4, 4 / 3],
  colorJitter: null,
  minObject: 0,
};

/** Strong real crops (shared experiments: area .3 to 1, flip, rotation, colour jitter). */
export const STRONG_AUGMENT: AugmentSettings = {
  method: 'photo',
  flip: 0.5,
  rotationDegrees: 10,
  cropArea: [0.3, 1],
  cropAspect: [3 / 4, 4 / 3],
  colorJitter: { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.04 },
  minObject: 0.3,
};
