import { beforeAll, describe, expect, it } from 'vitest';
import type { Mask, Pixels } from '../../images/types.ts';
import { embeddedCheckpoint } from '../../models/weights/files/embedded.ts';
import { testContext } from '../../testing/gpu.ts';
import { type LoadedEncoder, loadEncoder } from '../encoderSlot.ts';
import { FeatureStore } from '../features.ts';
import { MapMaker } from '../maps.ts';
import type { EnginePhoto } from '../protocol.ts';
import { SubjectFilter } from './filter.ts';

/** A thing with a pattern, at a place, on a plain ground: discs with rings, or blue checks in a square. */
function picture(
  thing: 'rings' | 'checks',
  x: number,
  y: number,
  ground: number,
): { pixels: Pixels; mask: Mask } {
  const side = 128;
  const data = new Uint8ClampedArray(side * side * 4);
  const mask = new Uint8Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [dx, dy] = [column - x, row - y];
      const distance = Math.hypot(dx, dy);
      const inside = thing === 'rings' ? distance < 30 : Math.abs(dx) < 26 && Math.abs(dy) < 26;
      const odd =
        thing === 'rings' ? Math.floor(distance / 6) % 2 : (Math.floor(dx / 7) + Math.floor(dy / 7)) % 2;
      const color =
        thing === 'rings' ? (odd ? [230, 60, 30] : [255, 230, 120]) : odd ? [30, 60, 200] : [220, 230, 255];
      data.set(inside ? [...color, 255] : [ground, ground + 20, ground, 255], 4 * (row * side + column));
      mask[row * side + column] = inside ? 255 : 0;
    }
  }
  return { pixels: { width: side, height: side, data }, mask: { width: side, height: side, data: mask } };
}

describe('SubjectFilter', () => {
  let loaded: LoadedEncoder;
  let filter: SubjectFilter;
  let features: FeatureStore;

  beforeAll(async () => {
    const context = await testContext();
    const files = await embeddedCheckpoint(new URL('/', location.href).href);
    loaded = await loadEncoder(context, files, () => {});
    features = new FeatureStore(context, loaded.encoder, loaded.preprocess);
    const references: EnginePhoto[] = [
      { key: 'a', ...picture('rings', 50, 60, 90) },
      { key: 'b', ...picture('rings', 75, 70, 120) },
    ];
    filter = new SubjectFilter(
      features,
      new MapMaker(features, references),
      references,
      loaded.info.inputSize,
    );
  });

  it('scores the subject elsewhere above something else, and sees where it is', async () => {
    const same = await filter.score(picture('rings', 40, 80, 100).pixels);
    const other = await filter.score(picture('checks', 40, 80, 100).pixels);
    expect(same.score).toBeGreaterThan((other.score ?? 0) + 0.1);
    const [x, y, width, height] = same.box!;
    expect(x < 40 && x + width > 40 && y < 80 && y + height > 80).toBe(true);
  });

  it('fits the threshold between photos and other pictures', async () => {
    const others = [0, 1].map((i) => ({ key: `o${i}`, ...picture('checks', 50 + 20 * i, 60, 80 + 30 * i) }));
    const { photos, others: scores, threshold } = await filter.scale(others);
    expect(photos).toHaveLength(2);
    expect(threshold).toBeGreaterThan(Math.max(...scores));
    expect(threshold).toBeLessThan(Math.min(...photos));
  });

  it('gives everything back', async () => {
    const context = await testContext();
    features.release();
    loaded.release();
    expect(context.pool.memory.used).toBe(0);
  });
});
