import { ImageSizeError, requireSize } from './errors.ts';

/**
 * How the cells of an encoder's patch grid lie on a photo. The photo is resized to `resizedWidth × resizedHeight` and
 * its top-left corner put at (`originX`, `originY`) of a frame of `columns·patchSize × rows·patchSize` pixels:
 * frameX = originX + photoX·resizedWidth/photoWidth, and so for y (continuous coordinates, pixel i covers [i, i + 1)).
 */
export interface PatchGeometry {
  photoWidth: number;
  photoHeight: number;
  /** Side of a cell in frame pixels. */
  patchSize: number;
  columns: number;
  rows: number;
  resizedWidth: number;
  resizedHeight: number;
  /** 0, or negative where a crop cuts the photo's border off. */
  originX: number;
  originY: number;
}

/** A rectangle in continuous coordinates. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where a cell (row-major index) lies on the photo, in photo pixels; may reach past the photo over padding. */
export function patchRect(geometry: PatchGeometry, index: number): Rect {
  const { patchSize, columns, originX, originY } = geometry;
  const scaleX = geometry.photoWidth / geometry.resizedWidth;
  const scaleY = geometry.photoHeight / geometry.resizedHeight;
  return {
    x: ((index % columns) * patchSize - originX) * scaleX,
    y: (Math.floor(index / columns) * patchSize - originY) * scaleY,
    width: patchSize * scaleX,
    height: patchSize * scaleY,
  };
}

/** The cell that holds a photo position (photo pixels, continuous), row-major; null where the grid has none. */
export function patchAt(geometry: PatchGeometry, x: number, y: number): number | null {
  const { patchSize, columns, rows, photoWidth, photoHeight } = geometry;
  if (!(x >= 0 && y >= 0 && x < photoWidth && y < photoHeight)) return null;
  const column = Math.floor((geometry.originX + (x * geometry.resizedWidth) / photoWidth) / patchSize);
  const row = Math.floor((geometry.originY + (y * geometry.resizedHeight) / photoHeight) / patchSize);
  if (column < 0 || row < 0 || column >= columns || row >= rows) return null;
  return row * columns + column;
}

/** The same geometry without the cells that hold nothing but padding. */
export function cutPadding(geometry: PatchGeometry): PatchGeometry {
  const { patchSize, originX, originY, resizedWidth, resizedHeight } = geometry;
  return {
    ...geometry,
    columns: Math.min(geometry.columns, Math.ceil((originX + resizedWidth) / patchSize)),
    rows: Math.min(geometry.rows, Math.ceil((originY + resizedHeight) / patchSize)),
  };
}

/**
 * The values of the cells that `cutPadding` keeps.
 * @param values [rows, columns, channels] of `geometry`
 */
export function cutPaddingValues(
  values: Float32Array,
  geometry: PatchGeometry,
  channels = 1,
): Float32Array<ArrayBuffer> {
  const { columns, rows } = geometry;
  if (values.length !== columns * rows * channels) {
    throw new ImageSizeError(
      `the grid holds ${values.length} numbers; ${columns}×${rows} cells of ${channels} need ${columns * rows * channels}`,
    );
  }
  const cut = cutPadding(geometry);
  const kept = new Float32Array(cut.columns * cut.rows * channels);
  const length = cut.columns * channels;
  for (let y = 0; y < cut.rows; y++) {
    const start = y * columns * channels;
    kept.set(values.subarray(start, start + length), y * length);
  }
  return kept;
}

/**
 * Size of a photo whose shorter side becomes `edge`; the longer one is cut to whole pixels, as in torchvision and
 * Hugging Face image processors.
 */
export function shortestEdgeSize(
  width: number,
  height: number,
  edge: number,
): { width: number; height: number } {
  requireSize('the photo', width, height);
  return width <= height
    ? { width: edge, height: Math.trunc((edge * height) / width) }
    : { width: Math.trunc((edge * width) / height), height: edge };
}

/** Size of a photo whose longer side becomes `edge`; the shorter one is rounded half up, as in SAM. */
export function longestEdgeSize(
  width: number,
  height: number,
  edge: number,
): { width: number; height: number } {
  requireSize('the photo', width, height);
  const scale = edge / Math.max(width, height);
  const round = (side: number) => Math.max(1, Math.floor(side * scale + 0.5));
  return { width: round(width), height: round(height) };
}

/** First row or column of a centre crop: half the excess, rounded half to even as in torchvision. */
export function centerCropStart(size: number, crop: number): number {
  const half = (size - crop) / 2;
  const low = Math.floor(half);
  return half - low > 0.5 || (half - low === 0.5 && low % 2 === 1) ? low + 1 : low;
}
