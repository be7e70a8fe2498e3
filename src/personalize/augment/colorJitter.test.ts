import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { jitterColors } from './colorJitter.ts';

const NONE = { brightness: 0, contrast: 0, saturation: 0, hue: 0 };

/** A generator that always draws the top of the range. */
const most = Object.assign(Object.create(Philox.prototype), {
  uniform: (_: number, high: number) => high,
}) as Philox;

/** Two pixels, planar: an orange and a grey. */
const image = () => Float32Array.from([200, 100, 100, 100, 50, 100]);

function jittered(jitter: Partial<typeof NONE>): Float32Array {
  const rgb = image();
  jitterColors(rgb, { ...NONE, ...jitter }, most);
  return rgb;
}

describe('jitterColors', () => {
  const grey = 0.299 * 200 + 0.587 * 100 + 0.114 * 50;
  const mean = (grey + 100) / 2;

  it('changes nothing at strength 0', () => {
    expect(jittered({})).toBeAllclose(image(), { atol: 1e-3 });
  });

  it('brightens by a factor and stays within 255', () => {
    expect(jittered({ brightness: 0.2 })).toBeAllclose([240, 120, 120, 120, 60, 120], { atol: 0.01 });
    expect(jittered({ brightness: 1 })[0]).toBe(255);
  });

  it('stretches contrast about the mean grey', () => {
    const expected = image().map((value) => (value - mean) * 1.5 + mean);
    expect(jittered({ contrast: 0.5 })).toBeAllclose(
      expected.map((value) => Math.max(0, Math.min(255, value))),
      { atol: 0.01 },
    );
  });

  it('saturates about each pixel’s own grey, leaving grey alone', () => {
    const rgb = jittered({ saturation: 0.3 });
    expect([rgb[0], rgb[2], rgb[4]]).toBeAllclose(
      [200, 100, 50].map((value) => grey + 1.3 * (value - grey)),
      { atol: 0.01 },
    );
    expect([rgb[1], rgb[3], rgb[5]]).toBeAllclose([100, 100, 100], { atol: 0.01 });
  });

  it('turns the hue, leaving grey alone; a whole turn changes nothing', () => {
    const third = jittered({ hue: 1 / 3 });
    expect([third[1], third[3], third[5]]).toBeAllclose([100, 100, 100], { atol: 0.1 });
    expect(third[2]).toBeGreaterThan(third[0]!);
    expect(jittered({ hue: 1 })).toBeAllclose(image(), { atol: 0.1 });
  });

  it('is seeded', () => {
    const draw = (seed: number) => {
      const rgb = image();
      jitterColors(rgb, { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 }, new Philox(seed));
      return rgb;
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
