import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { served } from '../../testing/served.ts';
import { fetchFolder } from './fetchFolder.ts';
import { checkUNet } from './unet.ts';

const folder = fetchFolder(served('/src/testing/golden/'));

describe('UNet against diffusers', () => {
  it('has its outputs, LoRA gradients and AdamW steps', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const checks = await checkUNet(context, folder);
    expect(checks.length).toBeGreaterThan(60);
    for (const { name, error, tolerance } of checks) expect(error, name).toBeLessThanOrEqual(tolerance);
    expect(context.memory.used).toBe(before);
  });
});
