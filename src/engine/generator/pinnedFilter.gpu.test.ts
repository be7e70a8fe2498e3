import { expect, it } from 'vitest';
import { Engine } from '../engine.ts';
import type { EnginePhoto } from '../protocol.ts';
import { patternedThing } from '../testing.ts';
import type { FilterScale, GenerationEvent } from './protocol.ts';

const thing = (kind: 'rings' | 'checks', x: number): EnginePhoto => ({
  key: `${kind}-${x}`,
  ...patternedThing(kind, x, 60, 90),
});

it('a job compares with its own photos when another subject is opened', { timeout: 300_000 }, async () => {
  const engine = new Engine();
  await engine.start({ baseUrl: new URL('/', location.href).href, preference: 'gpu' });
  await engine.loadEncoder({ kind: 'embedded' }, () => {});
  await engine.loadGenerator({ kind: 'embedded' }, () => {});
  const photos = [thing('rings', 50), thing('rings', 75)];
  const others = [thing('checks', 75)];
  await engine.setReferences([thing('checks', 50)]);
  const scale = await new Promise<FilterScale>((resolve, reject) => {
    const onEvent = (event: GenerationEvent): void => {
      if (event.type === 'fitted') resolve(event.scale);
      if (event.type === 'failed') reject(new Error(event.message));
    };
    engine
      .startGeneration(
        {
          ...{ images: [], settings: { sampler: 'ddim', steps: 1, guidance: 1, negativePrompt: '' } },
          ...{ batch: 1, lora: null, previewEvery: 0, wanted: 1 },
          filter: { threshold: 'auto', photos, others },
        },
        onEvent,
      )
      .catch(reject);
  });
  expect(scale.photos).toHaveLength(2);
  expect(Math.max(...scale.others)).toBeLessThan(Math.min(...scale.photos) - 0.1);
});
