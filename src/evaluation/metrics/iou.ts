import type { Box } from '../../dense/box.ts';
import type { Mask } from '../../images/types.ts';
import { MetricInputError } from './errors.ts';

/**
 * Intersection over union of two masks of equal size; above 0 is object. 1 when both are empty (they agree).
 * @throws MetricInputError when the sizes differ
 */
export function maskIou(a: Mask, b: Mask): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new MetricInputError(
      `masks of ${a.width}×${a.height} and ${b.width}×${b.height} cannot be compared; resize one first`,
    );
  }
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < a.data.length; i++) {
    const inA = a.data[i]! > 0;
    const inB = b.data[i]! > 0;
    if (inA || inB) union++;
    if (inA && inB) intersection++;
  }
  return union === 0 ? 1 : intersection / union;
}

/** Intersection over union of two boxes; 0 when neither has an area. */
export function boxIou(a: Readonly<Box>, b: Readonly<Box>): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const intersection = Math.max(0, width) * Math.max(0, height);
  const union = a[2] * a[3] + b[2] * b[3] - intersection;
  return union > 0 ? intersection / union : 0;
}
