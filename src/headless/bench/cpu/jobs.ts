import { benchFirstMap } from './app/firstMap.ts';
import { benchTeach } from './app/teach.ts';
import { benchEncoder } from './encoder/encoder.ts';
import { benchGeneratorOnCpu } from './generator.ts';
import { benchAttentionGrowth } from './growth/attention.ts';
import { benchBatches } from './growth/batch.ts';
import { benchMicroBatches } from './growth/microBatches.ts';
import { describeMachine } from './machine.ts';
import { benchProducts } from './products/products.ts';
import { benchBalancedStep } from './step/balanced.ts';
import { benchLoraStep } from './step/lora.ts';

/** What `npm run bench -- --backend cpu` measures, each in a browser of its own (`scripts/bench/jobs.mjs`). */
export const cpuJobs = {
  machine: describeMachine,
  products: benchProducts,
  encoder: benchEncoder,
  loraStep: benchLoraStep,
  balancedStep: benchBalancedStep,
  teach: benchTeach,
  firstMap: benchFirstMap,
  generator: benchGeneratorOnCpu,
  batches: benchBatches,
  microBatches: benchMicroBatches,
  attentionGrowth: benchAttentionGrowth,
};
