import type { VitConfig } from '../../models/vit/config.ts';
import { tokensOf, widestOf } from '../../models/vit/cost.ts';
import { loraSize } from '../../models/vit/lora.ts';
import { parametersOf } from '../../models/vit/parameters.ts';
import type { ImageCounts } from '../pool/pools.ts';
import type { TrainingSettings } from '../settings.ts';
import { loraLayers, loraSites } from './loraTargets.ts';
import { PREFIX_CHUNK, PrefixCache } from './prefixCache.ts';
import { fixedViews, PREFIX_BYTES } from './viewBank.ts';

const BYTES = 4;

/**
 * Numbers that the backward of an adapted layer reads, a token and in units of the token's width: the two norms' inputs and
 * outputs (4), query, key and value (3), what attention gives (1), the MLP's middle before GELU (4); and with LoRA in the MLP
 * after it too (4).
 */
const KEPT_BY_LAYER = 12;
const KEPT_BY_MLP = 4;
/** While a layer runs or is differentiated: the MLP's middle twice, its gradient, and the residual stream's. */
const LIVE_IN_LAYER = 14;
/** Weight, gradient and Adam's two moments. */
const OF_EACH_PARAMETER = 4;

/** What a run does with the encoder. */
export interface TrainingWork {
  config: VitConfig;
  /** Side of the views, in pixels. */
  side: number;
  settings: TrainingSettings;
  /** How many images it learns from. */
  counts: ImageCounts;
  /** Triplets encoded at once. */
  microBatch: number;
}

/** Bytes of the encoder's own weights. */
export function encoderBytes(config: VitConfig): number {
  const sizes = parametersOf(config).map(({ shape }) => shape.reduce((a, b) => a * b, BYTES));
  return sizes.reduce((a, b) => a + b, 0);
}

/**
 * Estimate of the largest GPU memory of a run, in bytes: the encoder's weights, the adapter with its optimizer, the frozen
 * prefix of fixed views, and what backward reads of the triplets that are encoded at once. Checked against the buffer pool's
 * own count in `memory.device.test.ts`.
 */
export function trainingMemory({ config, side, settings, counts, microBatch }: TrainingWork): number {
  const layers = loraLayers(config.layers, settings.lora.lastLayers);
  const sites = loraSites(settings.lora.targets);
  const adapter = loraSize(config, { rank: settings.lora.rank, sites, layers });
  const prefix = layers[0] === 0 ? 0 : PrefixCache.bytes(config, side, fixedViews(counts, settings));
  const tokens = 3 * microBatch * tokensOf(config, side);
  const kept = KEPT_BY_LAYER + (sites.includes('fc2') ? KEPT_BY_MLP : 0);
  const activations = tokens * config.width * (kept * layers.length + LIVE_IN_LAYER);
  const numbers = OF_EACH_PARAMETER * adapter + activations;
  return encoderBytes(config) + (prefix > PREFIX_BYTES ? 0 : prefix) + BYTES * numbers;
}

/**
 * Estimate of the largest tensor of a run, in bytes: the MLP's middle of the triplets that are encoded at once, or of the views
 * whose frozen prefix is computed together.
 */
export function largestTrainingTensor({ config, side, settings, counts, microBatch }: TrainingWork): number {
  const ahead = Math.min(PREFIX_CHUNK, fixedViews(counts, settings));
  const views = Math.max(3 * microBatch, ahead);
  return BYTES * views * tokensOf(config, side) * widestOf(config);
}
