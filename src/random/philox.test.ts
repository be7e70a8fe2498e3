import { describe, expect, it } from 'vitest';
import { Philox, philox4x32, RandomStateError, type Words2, type Words4 } from './philox.ts';

const hex = (words: readonly number[]): string => words.map((w) => w.toString(16).padStart(8, '0')).join(' ');

describe('philox4x32', () => {
  // The known-answer vectors that the Random123 library publishes for philox4x32 with 10 rounds.
  const vectors: [Words4, Words2, string][] = [
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ];
  it.each(vectors)('gives the published answer for counter %j and key %j', (counter, key, answer) => {
    expect(hex(philox4x32(counter, key))).toBe(answer);
  });
});

describe('Philox', () => {
  it('starts with the words of the block function', () => {
    const random = new Philox(0);
    expect(hex([random.word(), random.word(), random.word(), random.word()])).toBe(
      '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
    );
    const next = philox4x32([1, 0, 0, 0], [0, 0]);
    expect(random.word()).toBe(next[0]);
  });

  it('puts the high bits of seed, stream and position in their own words', () => {
    const random = new Philox(2 ** 40 + 5, 2 ** 35 + 7).seek(4 * (2 ** 33 + 9) + 2);
    expect(random.word()).toBe(philox4x32([9, 2, 7, 8], [5, 256])[2]);
  });

  it('repeats with the same seed and differs with another seed or stream', () => {
    const draw = (random: Philox) => Array.from({ length: 20 }, () => random.next());
    expect(draw(new Philox(7))).toEqual(draw(new Philox(7)));
    expect(draw(new Philox(7))).not.toEqual(draw(new Philox(8)));
    expect(draw(new Philox(7, 1))).not.toEqual(draw(new Philox(7, 0)));
  });

  it('continues from a state that went through JSON', () => {
    const random = new Philox(3, 4);
    for (let i = 0; i < 7; i++) random.normal();
    const state = JSON.parse(JSON.stringify(random.state()));
    const expected = [random.next(), random.int(10), random.normal()];
    const other = new Philox(99).restore(state);
    expect([other.next(), other.int(10), other.normal()]).toEqual(expected);
  });

  it('splits by name, whatever was drawn before', () => {
    const a = new Philox(5);
    const b = new Philox(5);
    for (let i = 0; i < 11; i++) b.next();
    expect(a.split('views').next()).toBe(b.split('views').next());
    const firsts = new Set(Array.from({ length: 2000 }, (_, i) => a.split(`view/${i}`).word()));
    expect(firsts.size).toBe(2000);
    expect(a.split('x').split('y').next()).not.toBe(a.split('y').split('x').next());
  });

  it('has uniform, whole, normal and weighted numbers of the right moments', () => {
    const random = new Philox(11);
    const n = 40_000;
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const uniform = Array.from({ length: n }, () => random.uniform(2, 4));
    expect(Math.min(...uniform.slice(0, 5000))).toBeGreaterThanOrEqual(2);
    expect(mean(uniform)).toBeCloseTo(3, 1);
    const normal = Array.from({ length: n }, () => random.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(0.02);
    expect(mean(normal.map((v) => v * v))).toBeCloseTo(1, 1);
    const counts = new Float64Array(7);
    for (let i = 0; i < n; i++) counts[random.int(7)]!++;
    expect(counts).toBeAllclose(new Float64Array(7).fill(n / 7), { rtol: 0.05 });
    const weights = new Float64Array(3);
    for (let i = 0; i < n; i++) weights[random.weighted([1, 0, 3])]!++;
    expect(weights[1]).toBe(0);
    expect(weights[2]! / n).toBeCloseTo(0.75, 1);
  });

  it('shuffles every order of three about equally often, and typed arrays too', () => {
    const random = new Philox(21);
    const seen = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = random.shuffle([0, 1, 2]).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect([...seen.values()]).toBeAllclose(new Array(6).fill(2000), { rtol: 0.1 });
    const shuffled = random.shuffle(Uint32Array.from({ length: 100 }, (_, i) => i));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...shuffled]).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('refuses seeds and ranges it cannot keep', () => {
    expect(() => new Philox(-1)).toThrow(RandomStateError);
    expect(() => new Philox(0.5)).toThrow(/seed.*0\.5/);
    expect(() => new Philox(1, 2 ** 53)).toThrow(/stream/);
    expect(() => new Philox(1).int(0)).toThrow(/int\(0\)/);
    expect(() => new Philox(1).weighted([0, 0])).toThrow(RandomStateError);
  });
});
