import type { Mask, Pixels } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import { describePicture, knownColors } from '../captions/describe.ts';
import type { CaptionGrammar } from '../captions/grammar.ts';
import { fillSubject } from '../captions/prompts.ts';
import type { Generator } from '../generator/load.ts';
import { toVaeInput } from '../generator/pixels.ts';
import { encodeImages } from '../generator/vae.ts';
import type { LatentBank } from './batch.ts';
import { paintBackground } from './paint.ts';
import type { DreamBoothSettings } from './settings.ts';
import { cutView, maskWeights, randomSquare } from './views.ts';

/** A photo as DreamBooth takes it. */
export interface DreamBoothPhoto {
  pixels: Pixels;
  mask?: Mask | undefined;
}

/** Latents of a subject's photos, with a prompt that says what is behind it where those are wanted. */
export interface InstanceBank extends LatentBank {
  prompts: string[] | undefined;
}

/** Words to describe pictures with. */
export interface Describer {
  classWord: string;
  grammar: CaptionGrammar;
}

/**
 * Latents of `views` random crops of every photo, with their cells' weights. They are coded once, before training:
 * the paper codes a new crop every step, but the coder would then take as long as the step.
 * @param describer for captions that describe each crop; the background of masked ones is then painted where `painted` says
 * @param onView after every crop; throwing ends it
 */
export async function buildLatentBank(
  generator: Generator,
  photos: readonly DreamBoothPhoto[],
  { views, framing, masked, maskFloor, painted, seed }: DreamBoothSettings,
  describer: Describer | undefined,
  onView: (done: number, total: number) => Promise<void> | void,
): Promise<InstanceBank> {
  const { imageSize, latentSize } = generator.info;
  const random = new Philox(seed).split('dreambooth views');
  const paint = new Philox(seed).split('dreambooth backgrounds');
  const colors = describer ? knownColors(describer.grammar) : [];
  const bank: InstanceBank = { latents: [], weights: [], prompts: describer ? [] : undefined };
  const total = photos.length * views;
  for (const { pixels, mask } of photos) {
    for (let i = 0; i < views; i++) {
      const square = randomSquare(pixels, mask, framing, random);
      const cut = cutView(pixels, mask, square, imageSize, random.chance(0.5));
      const paints = cut.mask !== undefined && colors.length > 0 && paint.chance(painted);
      const view = paints ? paintBackground(cut, colors[paint.int(colors.length)]!.rgb, paint) : cut;
      const { values } = await encodeImages(
        generator.vaeEncoder,
        { values: toVaeInput(view.pixels), shape: [1, 3, imageSize, imageSize] },
        generator.scalingFactor,
      );
      bank.latents.push(values);
      bank.weights.push(
        // What was painted is meant to be learned with its colour.
        masked && view.mask && !paints
          ? maskWeights(view.mask, latentSize, maskFloor)
          : new Float32Array(latentSize * latentSize).fill(1),
      );
      if (describer) {
        const caption = describePicture(view.pixels, describer.grammar);
        bank.prompts!.push(fillSubject(caption, describer.classWord));
      }
      await onView(bank.latents.length, total);
    }
  }
  return bank;
}
