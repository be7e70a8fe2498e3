import type { LoraTarget } from '../../models/unet2d/loraSites.ts';
import type { SamplerName } from '../schedulers/samplers.ts';

/** Which square of a photo becomes a training image. */
export type Framing =
  /** A random square of the short side's size (method §1.3). */
  | 'photo'
  /** A random square around the object's mask, so that small objects are not lost in a small generator. */
  | 'object';

/** Every setting of a DreamBooth run; saved with it. */
export interface DreamBoothSettings {
  preset: 'embedded' | 'paper' | 'custom';
  /** Seeds crops, noise, timesteps and the LoRA's start. */
  seed: number;
  /** Optimizer steps in all. */
  steps: number;
  /** Images of the subject a step, and as many of its class when there is a prior. */
  batch: number;
  /** Images that are back-propagated at a time; smaller saves memory, and the numbers do not depend on it. */
  microBatch: 'auto' | number;
  learningRate: number;
  weightDecay: number;
  /**
   * Rate at which the embedding of `<new1>` is learned beside the LoRA (textual inversion, Gal et al., arXiv 2208.01618); null
   * for none. The paper trains the whole text encoder.
   */
  tokenLearningRate: number | null;
  /** Largest global gradient norm. */
  clipNorm: number;
  lora: { rank: number; alpha: number; targets: LoraTarget[] };
  /** Weight the loss by the object's mask (method §1.3, masked DreamBooth). */
  masked: boolean;
  /** Added to the mask before it is divided by its largest value: the background's weight before squaring. */
  maskFloor: number;
  /**
   * What the photos are learned under: the one instance prompt, as in the paper; at each step any caption of the generator's
   * own words (of the scene list where it has none), so that the subject is known under those too; or for each crop the one
   * that describes it in those words, so that what is behind it belongs to the words and not to the subject (without any
   * mask, or without such words, as varied).
   */
  captions: 'instance' | 'varied' | 'described';
  /** Share of described crops with a mask whose background is painted in one of the generator's colours. */
  painted: number;
  /** Prior preservation with images of the class that the untuned generator makes; null for none. */
  prior: { weight: number; images: number; steps: number; guidance: number; sampler: SamplerName } | null;
  /** Min-SNR weighting (Hang et al., arXiv 2303.09556); null for none. */
  snrGamma: number | null;
  framing: Framing;
  /** Crops of every photo, each as likely to be mirrored; they are coded into latents once. */
  views: number;
  /** A sample from a fixed seed every so many steps; 0 for none. */
  validateEvery: number;
  validation: { steps: number; guidance: number; sampler: SamplerName };
  checkpointEvery: number;
}

/** At a time on a GPU; a processor gains nothing by more than one. */
const AUTO_MICRO_BATCH = 4;

/** How many images are back-propagated at a time: those of a step, as far as the setting goes. */
export function microBatch(
  settings: Pick<DreamBoothSettings, 'batch' | 'prior' | 'microBatch'>,
  onCpu: boolean,
): number {
  const { batch, prior, microBatch: setting } = settings;
  // Runs stored before there was the setting have none.
  const most = typeof setting === 'number' ? setting : onCpu ? 1 : AUTO_MICRO_BATCH;
  return Math.min(prior ? 2 * batch : batch, most);
}
