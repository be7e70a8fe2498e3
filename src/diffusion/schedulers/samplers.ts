import { planDdim } from './ddim.ts';
import { planDpmSolver } from './dpmSolver.ts';
import { planEuler } from './euler.ts';
import type { SchedulerConfig } from './noiseSchedule.ts';
import type { SamplerPlan } from './plan.ts';
import { planPndm } from './pndm.ts';

/** Samplers there are. */
export type SamplerName = 'pndm' | 'ddim' | 'dpm++2m' | 'dpm++2m-karras' | 'euler';

/** Names as they are shown. */
export const SAMPLERS: Record<SamplerName, string> = {
  'dpm++2m': 'DPM-Solver++ 2M',
  'dpm++2m-karras': 'DPM-Solver++ 2M Karras',
  ddim: 'DDIM',
  euler: 'Euler',
  pndm: 'PNDM',
};

/**
 * Plan a run.
 * @param steps as the user counts them (PNDM evaluates the model once more)
 * @throws RangeError when there are more steps than timesteps of training
 */
export function planSampler(name: SamplerName, config: SchedulerConfig, steps: number): SamplerPlan {
  switch (name) {
    case 'pndm':
      return planPndm(config, steps);
    case 'ddim':
      return planDdim(config, steps);
    case 'dpm++2m':
      return planDpmSolver(config, steps, false);
    case 'dpm++2m-karras':
      return planDpmSolver(config, steps, true);
    case 'euler':
      return planEuler(config, steps);
  }
}
