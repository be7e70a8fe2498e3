import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../engine/client.ts';
import type { EncoderInfo, EnginePhoto } from '../../engine/protocol.ts';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import type { PhotoRole, Subject } from '../../library/types.ts';
import { engineStore } from './engine.ts';
import { evaluate, evaluationSignature, evaluationStore, openEvaluation, readOthers } from './evaluation.ts';
import { libraryStore, openSubject, refresh, theLibrary } from './library.ts';

// Node has no decoder; what is in the pictures makes no difference here.
vi.mock('../../library/pixels.ts', () => ({
  photoPixels: async () => ({ width: 1, height: 1, data: new Uint8ClampedArray(4) }),
}));

const TESTS = 9;

/** Something to wait for. */
class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** An engine that notes what it judges, and stops at one picture until it is let go. */
class FakeEngine {
  judged: string[] = [];
  /** Number of the picture at which it waits, and what it waits for. */
  waitAt = Number.POSITIVE_INFINITY;
  reached = new Gate();
  go = new Gate();

  async setReferences() {}
  async setAdapter() {}
  async embed() {
    return Float32Array.of(1, 0);
  }
  async judge(_: string, { key }: EnginePhoto) {
    this.judged.push(key);
    if (this.judged.length === this.waitAt) {
      this.reached.open();
      await this.go.opened;
    }
    return { embedding: Float32Array.of(1, 0), score: 0.5, dense: null, map: null };
  }
}

let engine: FakeEngine;
let mug: Subject;
let dog: Subject;

function add(subject: Subject, role: PhotoRole, name: string) {
  return theLibrary().photos.add(subject.id, {
    ...{ role, name, width: 1, height: 1, type: 'image/png', blob: new Blob(['x']) },
    ...{ contentHash: `${subject.name} ${role} ${name}`, perceptualHash: '0' },
  });
}

beforeEach(async () => {
  engine = new FakeEngine();
  const encoder = { id: 'tiny', inputSize: 14 } as EncoderInfo;
  engineStore.setState({ engine: engine as unknown as Engine, encoder });
  libraryStore.setState({ library: await openLibrary({ store: new MemoryStore() }) });
  mug = await theLibrary().subjects.create({ name: 'mug', className: 'mug' });
  dog = await theLibrary().subjects.create({ name: 'dog', className: 'dog' });
  for (const subject of [mug, dog]) await add(subject, 'train', 'a.png');
  for (let i = 0; i < TESTS; i++) await add(mug, 'test', `${i}.png`);
  await openSubject(mug.id);
  await openEvaluation(mug.id);
});

/** Begin, and come to the fifth picture. Resolves to the end of the run, in an object so that it is not awaited too. */
async function untilTheFifth(): Promise<{ running: Promise<void> }> {
  engine.waitAt = 5;
  const running = evaluate();
  await engine.reached.opened;
  return { running };
}

/** What the page does when another subject is opened. */
async function open(subject: Subject): Promise<void> {
  await openSubject(subject.id);
  await openEvaluation(subject.id);
}

describe('an evaluation', () => {
  it.each([
    ['another subject is opened', [() => dog]],
    ['another is opened and the first again', [() => dog, () => mug]],
  ])('keeps what was judged when %s, without the picture under way', async (_, switches) => {
    const { running } = await untilTheFifth();
    for (const subject of switches) await open(subject());
    engine.go.open();
    await running;
    await open(mug);
    expect(evaluationStore.getState().result!.begun!.records).toHaveLength(4);
    await evaluate();
    const { result, error } = evaluationStore.getState();
    expect(error).toBeNull();
    expect(result!.rows.map(({ records }) => records.length)).toEqual([TESTS]);
    // The picture that was under way is judged twice, all others once.
    expect(engine.judged).toHaveLength(TESTS + 1);
    expect(new Set(engine.judged).size).toBe(TESTS);
  });

  it('is out of date when a subject was added beside the open one', async () => {
    await evaluate();
    const { signature } = evaluationStore.getState().result!;
    expect(evaluationSignature()).toBe(signature);
    const cup = await theLibrary().subjects.create({ name: 'cup', className: 'mug' });
    await add(cup, 'train', 'a.png');
    await refresh();
    await readOthers();
    expect(evaluationSignature()).not.toBe(signature);
  });

  it('stops where photos change, and says so', async () => {
    const { running } = await untilTheFifth();
    await add(mug, 'test', 'new.png');
    await refresh();
    engine.go.open();
    await running;
    expect(evaluationStore.getState().error).toMatch(/Photos, masks or the encoder changed/);
    expect(engine.judged).toHaveLength(5);
    await evaluate();
    expect(evaluationStore.getState().result!.rows[0]!.records).toHaveLength(TESTS + 1);
    expect(engine.judged).toHaveLength(5 + TESTS + 1);
  });
});
