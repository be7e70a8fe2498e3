import { type VitConfig, VitConfigError } from './config.ts';
import { readVitConfig } from './families/index.ts';

/**
 * The config of an encoder that can be run here. All families are read (`readVitConfig`); of them plain DINOv2 is computed so far.
 * @throws VitConfigError naming the field that is not supported
 */
export function readRunnableConfig(json: unknown): VitConfig {
  const config = readVitConfig(json);
  const { family, prefix, mlp } = config;
  if (family !== 'dinov2') {
    throw new VitConfigError(
      'model_type',
      `is of the family ${family}, which is not supported`,
      'Choose a DINOv2 checkpoint such as facebook/dinov2-small.',
    );
  }
  if (prefix.registers > 0) {
    throw new VitConfigError(
      'num_register_tokens',
      'belongs to a model with register tokens, which is not supported',
      'Choose the checkpoint without registers, such as facebook/dinov2-small.',
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
