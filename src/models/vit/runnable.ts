import { type VitConfig, VitConfigError } from './config.ts';
import { readVitConfig } from './families/index.ts';

/**
 * The config of an encoder that can be run here. All families are read (`readVitConfig`); of them DINOv2 without SwiGLU is
 * computed so far.
 * @throws VitConfigError naming the field that is not supported
 */
export function readRunnableConfig(json: unknown): VitConfig {
  const config = readVitConfig(json);
  const { family, mlp } = config;
  if (family !== 'dinov2') {
    throw new VitConfigError(
      'model_type',
      `is of the family ${family}, which is not supported`,
      'Choose a DINOv2 checkpoint such as facebook/dinov2-small.',
    );
  }
  if (mlp.kind === 'gated') {
    throw new VitConfigError(
      'use_swiglu_ffn',
      'is true; the SwiGLU layers of the giant model are not supported',
      'Choose facebook/dinov2-small, -base or -large.',
    );
  }
  if (mlp.activation !== 'gelu')
    throw new VitConfigError('hidden_act', `is ${mlp.activation}; "gelu" was expected`);
  return config;
}
