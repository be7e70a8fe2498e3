/** How Cut/Paste positives are made (method §1.4; the paper's own ranges are not known, these are ours). */
export interface CutPasteSettings {
  /** Height of the object as a share of the image's height. */
  scale: [low: number, high: number];
  /** Rotation is uniform in ± this many degrees. */
  rotationDegrees: number;
  /** Probability of a horizontal flip. */
  flip: number;
  /** Width of the soft edge in output pixels. */
  feather: number;
  /** Output pixels taken off the mask before pasting, against halos. */
  erode: number;
  /** Share of the object that may lie outside the frame. */
  outside: number;
  /** Strength, 0 to 1, of pulling the object's brightness towards the background's. */
  matchBrightness: number;
  /** Share of procedural backgrounds when photos are there too. */
  procedural: number;
}

/** Defaults: object height .3 to .85 of the image, ±20°, flip, feathered edge. */
export const CUT_PASTE: CutPasteSettings = {
  scale: [0.3, 0.85],
  rotationDegrees: 20,
  flip: 0.5,
  feather: 1.5,
  erode: 0.5,
  outside: 0.15,
  matchBrightness: 0.25,
  procedural: 0.3,
};
