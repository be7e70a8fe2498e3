import type { Mask } from '../images/types.ts';
import { fillHoles, indexOfLargest, labelComponents, selectComponents } from './components.ts';

/** [x, y, width, height] in pixels, as COCO writes boxes. */
export type Box = [number, number, number, number];

/**
 * Tight box of all foreground; null when there is none.
 * @param extent `pixels`: the box covers its last pixels, [x, y, xmax − xmin + 1, ymax − ymin + 1]; `reference`: as
 *   method §3.4 step 6, without the + 1
 */
export function tightBox(
  { width, height, data }: Mask,
  extent: 'pixels' | 'reference' = 'pixels',
): Box | null {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return null;
  const last = extent === 'pixels' ? 1 : 0;
  return [left, top, right - left + last, bottom - top + last];
}

/**
 * The largest outer contour, filled (method §3.4 step 6): of the components that share edges or corners, holes filled,
 * the one whose outline, drawn through the centres of its border pixels, encloses the largest area (OpenCV's
 * `contourArea`). Of equals, the first met row by row. Empty when the mask is.
 */
export function largestContour(mask: Mask): Mask {
  const filled = fillHoles(mask);
  const components = labelComponents(filled, 8);
  const areas = outlineAreas(components.labels, mask.width, components.sizes.length);
  const label = indexOfLargest(areas);
  return selectComponents(mask, components, (candidate) => candidate === label);
}

/**
 * Area inside the outline of each filled component: of each square of four neighbouring pixel centres, all when all
 * four are object, half (a triangle) when three are, else nothing.
 */
function outlineAreas(labels: Int32Array, width: number, count: number): number[] {
  const areas = new Array<number>(count).fill(0);
  for (let row = 0; row + width < labels.length; row += width) {
    for (let at = row; at + 1 < row + width; at++) {
      const [a, b] = [labels[at]!, labels[at + 1]!];
      const [c, d] = [labels[at + width]!, labels[at + width + 1]!];
      const inside = Number(a > 0) + Number(b > 0) + Number(c > 0) + Number(d > 0);
      if (inside >= 3) areas[a || b]! += inside === 4 ? 1 : 0.5;
    }
  }
  return areas;
}
