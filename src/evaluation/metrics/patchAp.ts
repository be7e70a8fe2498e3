import { averagePrecision } from './averagePrecision.ts';

/** Patches covered by the object to at least this share count as object. */
export const OBJECT_COVERAGE = 0.5;

/**
 * Average precision of a raw similarity map against the photo's mask on the patch grid; no threshold on the map
 * (the paper has no such number).
 *
 * @param map similarity of each patch
 * @param coverage share of each patch that is object, 0…1 (`maskToPatches`)
 * @returns 0 to 1; null when no patch is object
 * @throws MetricInputError for unequal lengths or a map with values that are not numbers
 */
export function patchAp(map: Float32Array, coverage: Float32Array): number | null {
  return averagePrecision(
    map,
    Uint8Array.from(coverage, (share) => Number(share >= OBJECT_COVERAGE)),
  );
}
