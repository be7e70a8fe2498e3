import type { Traits } from '../../backend/backend.ts';
import type { VitConfig } from '../../models/vit/config.ts';
import { tokensOf, widestOf } from '../../models/vit/cost.ts';
import type { Vit } from '../../models/vit/model.ts';
import type { Context } from '../../tensor/context.ts';
import type { TrainingSettings } from '../settings.ts';
import { loraLayers } from './loraTargets.ts';

/** Bytes of saved activations that a step may take when the setting is `'auto'`. WebGPU does not tell how much there is. */
const BUDGET = { gpu: 1.5 * 2 ** 30, cpu: 2 ** 29 };

/** Saved numbers a token and layer, in units of the hidden size: norms, qkv, attention, residuals, the MLP's middle. */
const SAVED_PER_TOKEN = 14;

/** Bytes that one triplet's saved activations take through `layers` adapted layers. */
function tripletBytes(config: VitConfig, side: number, layers: number): number {
  return 3 * tokensOf(config, side) * config.width * SAVED_PER_TOKEN * layers * 4;
}

/**
 * Triplets to encode at once: the setting, or as many as the budget holds, and never more than one tensor can hold.
 */
export function chooseMicroBatch(
  context: Context,
  encoder: Vit,
  side: number,
  layers: number,
  batch: number,
  setting: 'auto' | number,
): number {
  return microBatchOn(context.backend.traits, encoder.config, side, layers, batch, setting);
}

/** The same by the settings of a run, known without an encoder that is loaded. */
export function trainingMicroBatch(
  traits: Pick<Traits, 'onCpu' | 'maxBytes'>,
  config: VitConfig,
  side: number,
  { batch, lora, microBatch }: Pick<TrainingSettings, 'batch' | 'lora' | 'microBatch'>,
): number {
  const layers = loraLayers(config.layers, lora.lastLayers).length;
  return microBatchOn(traits, config, side, layers, batch, microBatch);
}

function microBatchOn(
  { onCpu, maxBytes }: Pick<Traits, 'onCpu' | 'maxBytes'>,
  config: VitConfig,
  side: number,
  layers: number,
  batch: number,
  setting: 'auto' | number,
): number {
  if (setting !== 'auto') return Math.min(setting, batch);
  const widest = 3 * tokensOf(config, side) * widestOf(config) * 4;
  const fitting = (onCpu ? BUDGET.cpu : BUDGET.gpu) / tripletBytes(config, side, layers);
  const whole = maxBytes / widest;
  return Math.max(1, Math.min(batch, Math.floor(fitting), Math.floor(whole)));
}
