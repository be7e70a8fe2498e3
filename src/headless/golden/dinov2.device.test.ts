import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { served } from '../../testing/served.ts';
import { checkForward, checkLora } from './dinov2.ts';
import { checkEncoder, ENCODER_CASES } from './encoders.ts';
import { fetchFolder } from './fetchFolder.ts';

const folder = fetchFolder(served('/src/testing/golden/'));

describe('DINOv2 against Hugging Face', () => {
  it('has the hidden states of transformers', async () => {
    const checks = await checkForward(await testContext(), folder);
    expect(checks).toHaveLength(4);
    for (const { name, error, tolerance } of checks) expect(error, name).toBeLessThanOrEqual(tolerance);
  });

  it('has the losses, gradients and Adam steps of PyTorch, whole and in micro-batches', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const checks = await checkLora(context, folder);
    expect(checks).toHaveLength(2 * (5 + 8 + 8));
    for (const { name, error, tolerance } of checks) expect(error, name).toBeLessThanOrEqual(tolerance);
    expect(context.memory.used).toBe(before);
  });
});

describe('other encoders against Hugging Face and PEFT', () => {
  it.each(ENCODER_CASES)('%s: hidden states at four sizes, gradients and Adam steps', async (name) => {
    const context = await testContext();
    const before = context.memory.used;
    const checks = await checkEncoder(context, folder, name);
    expect(checks).toHaveLength(4 * 4 + 5 + 2 * 2 * 6);
    for (const { name: check, error, tolerance } of checks)
      expect(error, check).toBeLessThanOrEqual(tolerance);
    expect(context.memory.used).toBe(before);
  });
});
