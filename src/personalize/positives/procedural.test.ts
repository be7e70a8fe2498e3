import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { cellNoise, fractalNoise } from './noise.ts';
import { PROCEDURAL_FAMILIES, proceduralBackground } from './procedural.ts';

describe('noise', () => {
  it('is smooth, seeded and within 0…1', () => {
    const noise = fractalNoise(new Philox(1));
    const again = fractalNoise(new Philox(1));
    let [low, high, jump] = [1, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const [x, y] = [i * 0.0137 - 20, i * 0.0071];
      const value = noise(x, y);
      expect(again(x, y)).toBe(value);
      low = Math.min(low, value);
      high = Math.max(high, value);
      jump = Math.max(jump, Math.abs(noise(x + 1e-4, y) - value));
    }
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
    expect(high - low).toBeGreaterThan(0.3);
    expect(jump).toBeLessThan(0.005);
  });

  it('has cells whose border is 0 where the nearest point changes', () => {
    const cells = cellNoise(new Philox(2));
    let changes = 0;
    let before = cells(0, 3.3);
    for (let x = 0.001; x < 20; x += 0.001) {
      const cell = cells(x, 3.3);
      expect(cell.distance).toBeLessThan(1.5);
      if (cell.id !== before.id) {
        changes++;
        expect(cell.border).toBeLessThan(0.01);
      }
      before = cell;
    }
    expect(changes).toBeGreaterThan(10);
  });
});

describe('proceduralBackground', () => {
  it.each(
    PROCEDURAL_FAMILIES,
  )('%s: seeded, opaque, neither black nor blank, new for another seed', (family) => {
    const make = (seed: number) => proceduralBackground(48, new Philox(seed), family).pixels.data;
    const data = make(1);
    expect(data.length).toBe(48 * 48 * 4);
    expect(make(1)).toEqual(data);
    expect(make(2)).not.toEqual(data);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      expect(data[i + 3]).toBe(255);
      const light = (data[i]! + data[i + 1]! + data[i + 2]!) / 3;
      sum += light;
      squares += light * light;
    }
    const mean = sum / 2304;
    expect(mean).toBeGreaterThan(15);
    expect(mean).toBeLessThan(245);
    expect(Math.sqrt(squares / 2304 - mean * mean)).toBeGreaterThan(2);
  });

  it('draws every family', () => {
    const random = new Philox(5);
    const seen = new Set(Array.from({ length: 200 }, () => proceduralBackground(2, random).family));
    expect([...seen].sort()).toEqual([...PROCEDURAL_FAMILIES].sort());
  });
});
