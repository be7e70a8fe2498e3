import type { Pixels } from '../../images/types.ts';

/**
 * Colours of the known pixels carried on to all others, by push and pull: halve the picture with averages of known
 * pixels only until one pixel is left, then fill each unknown pixel from the level below. Filtering across an object's
 * edge then never meets the old background.
 * Source of the idea: Gortler, Grzeszczuk, Szeliski, Cohen, "The lumigraph", 1996.
 * @param known 1 where the colour holds, [height, width]; at least one
 * @returns opaque pixels, equal to the given ones where known
 */
export function extendColors({ width, height, data }: Pixels, known: Uint8Array): Pixels {
  const extended = data.slice();
  for (let i = 0; i < known.length; i++) extended[i * 4 + 3] = known[i] ? 255 : 0;
  fill({ width, height, data: extended });
  return { width, height, data: extended };
}

/** Fill the pixels of alpha 0 in place; at the end all alphas are 255. */
function fill(level: Pixels): void {
  if (level.width === 1 && level.height === 1) {
    level.data[3] = 255;
    return;
  }
  const half = halveKnown(level);
  fill(half);
  const { width, height, data } = level;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      if (data[at + 3] === 255) continue;
      const from = ((y >> 1) * half.width + (x >> 1)) * 4;
      for (let c = 0; c < 4; c++) data[at + c] = half.data[from + c]!;
    }
  }
}

/** Half the size (rounded up): the mean of the known pixels among each four, unknown where there is none. */
function halveKnown({ width, height, data }: Pixels): Pixels {
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const half = new Uint8ClampedArray(halfWidth * halfHeight * 4);
  for (let y = 0; y < halfHeight; y++) {
    for (let x = 0; x < halfWidth; x++) {
      let [r, g, b, count] = [0, 0, 0, 0];
      for (let dy = 2 * y; dy < Math.min(2 * y + 2, height); dy++) {
        for (let dx = 2 * x; dx < Math.min(2 * x + 2, width); dx++) {
          const at = (dy * width + dx) * 4;
          if (data[at + 3] === 0) continue;
          r += data[at]!;
          g += data[at + 1]!;
          b += data[at + 2]!;
          count++;
        }
      }
      if (count === 0) continue;
      const to = (y * halfWidth + x) * 4;
      half[to] = r / count;
      half[to + 1] = g / count;
      half[to + 2] = b / count;
      half[to + 3] = 255;
    }
  }
  return { width: halfWidth, height: halfHeight, data: half };
}
