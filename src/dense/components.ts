import { maskOf } from '../images/mask.ts';
import type { Mask } from '../images/types.ts';
import { complement } from './morphology.ts';

/** 4: pixels that share an edge (scikit-image's `connectivity=1`); 8: also a corner (`connectivity=2`). */
export type Connectivity = 4 | 8;

export interface Components {
  /** [height, width]: 0 for background, else 1, 2, … in the order in which components are met row by row. */
  labels: Int32Array;
  /** Pixels with each label; `sizes[0]` is the background. */
  sizes: number[];
}

/** Connected components of a mask (above 0 is object). */
export function labelComponents({ width, height, data }: Mask, connectivity: Connectivity): Components {
  const labels = new Int32Array(width * height);
  const sizes = [0];
  const stack: number[] = [];
  for (let seed = 0; seed < labels.length; seed++) {
    if (data[seed] === 0) sizes[0]!++;
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    const label = sizes.length;
    let size = 0;
    labels[seed] = label;
    stack.push(seed);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      size++;
      const x = at % width;
      const y = (at - x) / width;
      for (let dy = y > 0 ? -1 : 0; dy <= (y + 1 < height ? 1 : 0); dy++) {
        for (let dx = x > 0 ? -1 : 0; dx <= (x + 1 < width ? 1 : 0); dx++) {
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
          const neighbor = at + dy * width + dx;
          if (data[neighbor] === 0 || labels[neighbor] !== 0) continue;
          labels[neighbor] = label;
          stack.push(neighbor);
        }
      }
    }
    sizes.push(size);
  }
  return { labels, sizes };
}

/** The mask of the components whose label `keep` accepts. */
export function selectComponents(
  { width, height }: Mask,
  { labels, sizes }: Components,
  keep: (label: number, size: number) => boolean,
): Mask {
  const kept = sizes.map((size, label) => label > 0 && keep(label, size));
  return maskOf(labels, width, height, (label) => kept[label]!);
}

/** Drop components of fewer than `minSize` pixels: scikit-image's `remove_small_objects`. */
export function removeSmallComponents(mask: Mask, minSize: number, connectivity: Connectivity = 4): Mask {
  return selectComponents(mask, labelComponents(mask, connectivity), (_, size) => size >= minSize);
}

/** The component with the most pixels (the first met, of equals); empty when the mask is. */
export function largestComponent(mask: Mask, connectivity: Connectivity = 8): Mask {
  const components = labelComponents(mask, connectivity);
  const label = indexOfLargest(components.sizes);
  return selectComponents(mask, components, (candidate) => candidate === label);
}

/** Label with the largest value (the first, of equals), leaving out label 0, the background. */
export function indexOfLargest(byLabel: readonly number[]): number {
  return byLabel.reduce((best, value, label) => (label > 1 && value > byLabel[best]! ? label : best), 1);
}

/** Fill what the outside cannot reach through background pixels that share an edge. */
export function fillHoles(mask: Mask): Mask {
  const { width, height } = mask;
  const { labels, sizes } = labelComponents(complement(mask), 4);
  const outside = sizes.map(() => false);
  for (let x = 0; x < width; x++) {
    outside[labels[x]!] = true;
    outside[labels[(height - 1) * width + x]!] = true;
  }
  for (let y = 0; y < height; y++) {
    outside[labels[y * width]!] = true;
    outside[labels[(y + 1) * width - 1]!] = true;
  }
  outside[0] = false;
  return maskOf(labels, width, height, (label) => !outside[label]);
}
