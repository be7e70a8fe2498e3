import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { fetchFolder } from './fetchFolder.ts';
import { checkGenerator } from './generator.ts';

const folder = fetchFolder(new URL('/src/testing/golden/', location.href).href);

describe('the embedded generator against diffusers', () => {
  it('has its ids, text states, noise predictions, latents and images', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const checks = await checkGenerator(context, folder);
    expect(checks).toHaveLength(6);
    for (const { name, error, tolerance } of checks) expect(error, name).toBeLessThanOrEqual(tolerance);
    expect(context.memory.used).toBe(before);
  });
});
