/** Weight of a diagonal step of the chamfer transform. */
const DIAGONAL = Math.SQRT2;

/**
 * Signed distance, in pixels, of each pixel's centre to the edge between set and unset pixels: positive inside. Chamfer
 * transform with weights 1 and √2 (Borgefors, "Distance transformations in digital images", 1986): exact along rows,
 * columns and diagonals, at most 8 % long elsewhere; enough for a feather of few pixels. The frame is no edge.
 * @param inside 1 or 0, [height, width]; both must occur
 */
export function signedDistance(inside: Uint8Array, width: number, height: number): Float32Array<ArrayBuffer> {
  const toUnset = distanceTo(inside, 0, width, height);
  const toSet = distanceTo(inside, 1, width, height);
  for (let i = 0; i < toUnset.length; i++) {
    toUnset[i] = inside[i] === 1 ? toUnset[i]! - 0.5 : 0.5 - toSet[i]!;
  }
  return toUnset;
}

/** Distance of each pixel to the nearest one of the given value. A border of far pixels spares the frame checks. */
function distanceTo(
  values: Uint8Array,
  value: number,
  width: number,
  height: number,
): Float32Array<ArrayBuffer> {
  const stride = width + 2;
  const far = 2 * (width + height);
  const distance = new Float32Array(stride * (height + 2)).fill(far);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (values[y * width + x] === value) distance[(y + 1) * stride + x + 1] = 0;
    }
  }
  for (let y = 1; y <= height; y++) {
    for (let x = 1, at = y * stride + 1; x <= width; x++, at++) relax(distance, at, -1, -stride);
  }
  for (let y = height; y >= 1; y--) {
    for (let x = width, at = y * stride + width; x >= 1; x--, at--) relax(distance, at, 1, stride);
  }
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (y + 1) * stride + 1;
    result.set(distance.subarray(row, row + width), y * width);
  }
  return result;
}

/** Shorten a pixel's distance by the three neighbours in row `at + line` and the one at `at + step`. */
function relax(distance: Float32Array, at: number, step: number, line: number): void {
  const beside = distance[at + step]! + 1;
  const above = distance[at + line]! + 1;
  const left = distance[at + line - 1]! + DIAGONAL;
  const right = distance[at + line + 1]! + DIAGONAL;
  const least = Math.min(beside, above, left, right);
  if (least < distance[at]!) distance[at] = least;
}
