import { describe, expect, it } from 'vitest';
import type { EnginePhoto } from '../protocol.ts';
import type { Session } from '../session.ts';
import type { SubjectFilter } from './filter.ts';
import { GenerationJob } from './generationJob.ts';
import type { GeneratorSlot } from './generatorSlot.ts';
import type { FilterScale, GenerationEvent } from './protocol.ts';

const PHOTOS: EnginePhoto[] = [{ key: 'a', pixels: { width: 1, height: 1, data: new Uint8ClampedArray(4) } }];
const SCALE: FilterScale = { photos: [0.9], others: [0.1], threshold: 0.5 };

/** Events of a job of no images whose filter looks at `looks` pictures; `listen` may cancel it. */
async function run(looks: number, listen: (event: GenerationEvent, job: GenerationJob) => void) {
  const events: GenerationEvent[] = [];
  const asked: unknown[] = [];
  const filter = {
    async scale(_: unknown, onPicture: (done: number, total: number) => Promise<void>) {
      for (let done = 0; done <= looks; done++) await onPicture(done, looks);
      return SCALE;
    },
  } as unknown as SubjectFilter;
  const session = { guard: (work: () => Promise<unknown>) => work() } as unknown as Session;
  await new Promise<void>((resolve) => {
    const job = new GenerationJob(
      session,
      {} as GeneratorSlot,
      {
        ...{ images: [], settings: { sampler: 'ddim', steps: 1, guidance: 1, negativePrompt: '' } },
        ...{ batch: 1, lora: null, previewEvery: 0, wanted: 1 },
        filter: { threshold: 'auto', photos: PHOTOS, others: [] },
      },
      (photos) => {
        asked.push(photos);
        return filter;
      },
      (event) => {
        events.push(event);
        listen(event, job);
        if (['finished', 'failed', 'cancelled'].includes(event.type)) resolve();
      },
    );
    job.begin();
  });
  return { events, asked };
}

describe('GenerationJob', () => {
  it('fits its threshold on the photos it was given, and tells how far it is', async () => {
    const { events, asked } = await run(2, () => {});
    expect(asked).toEqual([PHOTOS]);
    expect(events).toEqual([
      { type: 'fitting', done: 0, total: 2 },
      { type: 'fitting', done: 1, total: 2 },
      { type: 'fitting', done: 2, total: 2 },
      { type: 'fitted', scale: SCALE },
      { type: 'finished', made: 0, kept: 0 },
    ]);
  });

  it('is cancelled while it looks at the photos', async () => {
    const { events } = await run(50, (event, job) => {
      if (event.type === 'fitting' && event.done === 1) void job.cancel();
    });
    expect(events.at(-1)).toEqual({ type: 'cancelled', made: 0, kept: 0 });
    expect(events.some(({ type }) => type === 'fitted')).toBe(false);
  });
});
