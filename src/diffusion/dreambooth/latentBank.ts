import type { Mask, Pixels } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import type { Generator } from '../generator/load.ts';
import { toVaeInput } from '../generator/pixels.ts';
import { encodeImages } from '../generator/vae.ts';
import type { LatentBank } from './batch.ts';
import type { DreamBoothSettings } from './settings.ts';
import { cutView, maskWeights, randomSquare } from './views.ts';

/** A photo as DreamBooth takes it. */
export interface DreamBoothPhoto {
  pixels: Pixels;
  mask?: Mask | undefined;
}

/**
 * Latents of `views` random crops of every photo, with their cells' weights. They are coded once, before training:
 * the paper codes a new crop every step, but the coder would then take as long as the step.
 * @param onView after every crop; throwing ends it
 */
export async function buildLatentBank(
  generator: Generator,
  photos: readonly DreamBoothPhoto[],
  { views, framing, masked, maskFloor, seed }: DreamBoothSettings,
  onView: (done: number, total: number) => Promise<void> | void,
): Promise<LatentBank> {
  const { imageSize, latentSize } = generator.info;
  const random = new Philox(seed).split('dreambooth views');
  const bank: LatentBank = { latents: [], weights: [] };
  const total = photos.length * views;
  for (const { pixels, mask } of photos) {
    for (let i = 0; i < views; i++) {
      const square = randomSquare(pixels, mask, framing, random);
      const view = cutView(pixels, mask, square, imageSize, random.chance(0.5));
      const { values } = await encodeImages(
        generator.vaeEncoder,
        { values: toVaeInput(view.pixels), shape: [1, 3, imageSize, imageSize] },
        generator.scalingFactor,
      );
      bank.latents.push(values);
      bank.weights.push(
        masked && view.mask
          ? maskWeights(view.mask, latentSize, maskFloor)
          : new Float32Array(latentSize * latentSize).fill(1),
      );
      await onView(bank.latents.length, total);
    }
  }
  return bank;
}
