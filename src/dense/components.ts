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

/**
 * Connected components of a mask (above 0 is object), by runs: each row's runs of object pixels take the label of a run
 * they touch in the row above, and labels that turn out to be of one component are joined (Rosenfeld and Pfaltz, 1966).
 */
export function labelComponents({ width, height, data }: Mask, connectivity: Connectivity): Components {
  const labels = new Int32Array(width * height);
  /** For each provisional label one of its component with a smaller number, or itself. */
  const joined = [0];
  const root = (label: number): number => {
    let at = label;
    while (joined[at] !== at) at = joined[at] = joined[joined[at]!]!;
    return at;
  };
  const reach = connectivity === 8 ? 1 : 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (data[row + x] === 0) continue;
      const start = x;
      while (x < width && data[row + x]! > 0) x++;
      let label = 0;
      if (y > 0) {
        const last = Math.min(width - 1, x - 1 + reach);
        for (let above = Math.max(0, start - reach); above <= last; above++) {
          const touched = labels[row - width + above]!;
          if (touched === 0) continue;
          const found = root(touched);
          if (label === 0) label = found;
          else if (found !== label) {
            joined[Math.max(found, label)] = Math.min(found, label);
            label = Math.min(found, label);
          }
        }
      }
      if (label === 0) {
        label = joined.length;
        joined.push(label);
      }
      labels.fill(label, row + start, row + x);
    }
  }
  // The first run of a component has its smallest label, so numbers in their order are those in which components are met.
  const numbers = new Int32Array(joined.length);
  let count = 0;
  for (let label = 1; label < joined.length; label++)
    numbers[label] = joined[label] === label ? ++count : numbers[root(label)]!;
  const sizes = new Array<number>(count + 1).fill(0);
  for (let at = 0; at < labels.length; at++) {
    const number = numbers[labels[at]!]!;
    labels[at] = number;
    sizes[number]!++;
  }
  return { labels, sizes };
}

/** The mask of the components whose label `keep` accepts. */
export function selectComponents(
  { width, height }: Mask,
  { labels, sizes }: Components,
  keep: (label: number, size: number) => boolean,
): Mask {
  return maskOfLabels(
    labels,
    width,
    height,
    (label) => label > 0 && keep(label, sizes[label]!),
    sizes.length,
  );
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
  return maskOfLabels(labels, width, height, (label) => !outside[label], sizes.length);
}

/** The mask of the labels, of `count`, that `isObject` accepts; it is asked once for each. */
function maskOfLabels(
  labels: Int32Array,
  width: number,
  height: number,
  isObject: (label: number) => boolean,
  count: number,
): Mask {
  const values = Uint8Array.from({ length: count }, (_, label) => (isObject(label) ? 255 : 0));
  const data = new Uint8Array(labels.length);
  for (let i = 0; i < data.length; i++) data[i] = values[labels[i]!]!;
  return { width, height, data };
}
