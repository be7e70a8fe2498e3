import type { Philox } from '../../random/philox.ts';

/** Indices into the pools of anchors, positives and negatives. */
export interface Triplet {
  anchor: number;
  positive: number;
  negative: number;
}

/** Sizes of the pools to draw from. */
export interface TripletPools {
  anchors: number;
  positives: number;
  negatives: number;
}

/**
 * Draw triplets uniformly with replacement (method §1.5: 4,500 an instance, written down once).
 * @throws RangeError when a pool is empty
 */
export function sampleTriplets(pools: TripletPools, count: number, random: Philox): Triplet[] {
  for (const [name, size] of Object.entries(pools)) {
    if (size === 0) throw new RangeError(`there are no ${name} to draw triplets from`);
  }
  return Array.from({ length: count }, () => ({
    anchor: random.int(pools.anchors),
    positive: random.int(pools.positives),
    negative: random.int(pools.negatives),
  }));
}

/**
 * The triplets of one step: each epoch is a new shuffle, its last batch may be smaller. 4,500 triplets in batches of 16
 * make 282 steps an epoch, 564 in two. The same step always has the same triplets.
 */
export function batchAt(
  triplets: readonly Triplet[],
  batch: number,
  step: number,
  random: Philox,
): Triplet[] {
  const perEpoch = Math.ceil(triplets.length / batch);
  const order = epochOrder(triplets.length, Math.floor(step / perEpoch), random);
  const first = (step % perEpoch) * batch;
  return order.slice(first, first + batch).map((index) => triplets[index]!);
}

function epochOrder(count: number, epoch: number, random: Philox): number[] {
  return random.split(`epoch ${epoch}`).shuffle(Array.from({ length: count }, (_, i) => i));
}
