import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DREAMBOOTH_PRESETS } from '../../diffusion/dreambooth/presets.ts';
import { Session } from '../session.ts';
import { patternedThing } from '../testing.ts';
import { DreamBoothRun } from './dreamBoothRun.ts';
import { GenerationJob } from './generationJob.ts';
import { GeneratorSlot } from './generatorSlot.ts';
import type { DreamBoothEvent, GenerationEvent, GenerationRequest } from './protocol.ts';

/** A minute on two cores of their own; how busy the machine is, is not what is tested. */
const LIMIT_MS = 900_000;

describe('a lost device', () => {
  let session: Session;
  let slot: GeneratorSlot;

  // A session of its own for each: a GPU that is lost twice in one is given up.
  beforeEach(async () => {
    session = new Session();
    slot = new GeneratorSlot();
    session.onRebuild((context) => slot.rebuild(context));
    // What happens on a loss does not depend on the backend; the end-to-end tests lose a GPU too.
    await session.start('cpu');
    await slot.load(session.context, { kind: 'embedded' }, new URL('/', location.href).href, () => {});
  }, LIMIT_MS);

  afterEach(() => {
    slot.unload(session.context);
    session.context.destroy();
  });

  /** Events of what `begin` starts until it ends; the device is lost at the first event that `when` picks. */
  async function untilEnd<E extends { type: string }>(
    when: (event: E) => boolean,
    begin: (emit: (event: E) => void) => void,
  ): Promise<E[]> {
    const events: E[] = [];
    let lost = false;
    await new Promise<void>((resolve) => {
      begin((event) => {
        events.push(event);
        if (!lost && when(event)) {
          lost = true;
          session.lose();
        }
        if (['finished', 'failed', 'stopped', 'cancelled'].includes(event.type)) resolve();
      });
    });
    return events;
  }

  async function learn(when: (event: DreamBoothEvent) => boolean): Promise<DreamBoothEvent[]> {
    const settings = {
      ...DREAMBOOTH_PRESETS.embedded,
      ...{ seed: 3, steps: 2, views: 1, validateEvery: 0, checkpointEvery: 1 },
    };
    const photos = [{ key: 'a', ...patternedThing('rings', 60, 64, 64) }];
    const request = { runId: 'r', settings, classWord: 'dog', photos, classImages: [] };
    return untilEnd(when, (emit) => new DreamBoothRun(session, slot, request, emit).begin());
  }

  it(
    'sends DreamBooth back to its last checkpoint, and it ends as if nothing had happened',
    async () => {
      const ended = (events: DreamBoothEvent[]) => {
        const last = events.at(-1)!;
        if (last.type !== 'finished') throw new Error(`ended with ${JSON.stringify(last)}`);
        return last.checkpoint.history.map(({ loss }) => loss);
      };
      const undisturbed = ended(await learn(() => false));
      const events = await learn((event) => event.type === 'checkpoint' && event.checkpoint.step === 1);
      expect(events.find(({ type }) => type === 'recovered')).toMatchObject({ fromStep: 1 });
      expect(undisturbed).toHaveLength(2);
      expect(ended(events)).toBeAllclose(undisturbed, { rtol: 1e-5 });
    },
    LIMIT_MS,
  );

  it(
    'has a picture drawn once more, and told once',
    async () => {
      const draw = async (when: (event: GenerationEvent) => boolean): Promise<GenerationEvent[]> => {
        const request: GenerationRequest = {
          images: [{ id: '7', prompt: 'a photo of a dog', seed: 7 }],
          settings: { sampler: 'ddim', steps: 2, guidance: 1, negativePrompt: '' },
          ...{ batch: 1, lora: null, previewEvery: 0, filter: null, wanted: 1 },
        };
        const noFilter = () => {
          throw new Error('there is no filter');
        };
        const events = await untilEnd<GenerationEvent>(when, (emit) =>
          new GenerationJob(session, slot, request, noFilter, emit).begin(),
        );
        expect(events.at(-1)).toMatchObject({ type: 'finished', made: 1, kept: 1 });
        return events.filter(({ type }) => type === 'image');
      };
      const expected = await draw(() => false);
      const images = await draw((event) => event.type === 'denoising' && event.step === 1);
      expect(images).toHaveLength(1);
      const pixels = ([event]: GenerationEvent[]) => (event?.type === 'image' ? event.image.pixels.data : []);
      expect([...pixels(images)]).toEqual([...pixels(expected)]);
      expect(new Set(pixels(images)).size).toBeGreaterThan(20);
    },
    LIMIT_MS,
  );
});
