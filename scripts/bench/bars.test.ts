import { describe, expect, it } from 'vitest';
import { bestRival, growthOf, judge, NOT_MEASURED, over } from './bars.mjs';

/** Verdict and value by the start of a bar's name. */
function verdicts(results: Record<string, unknown[]>, pytorch?: unknown) {
  const bars = judge(results, pytorch);
  return (name: string) => {
    const found = bars.filter((bar) => bar.name.startsWith(name));
    expect(found, name).toHaveLength(1);
    return [found[0]!.verdict, found[0]!.value];
  };
}

const forward = (threads: number, ours: number, standard: object, fused: object) => ({
  threads,
  rows: [
    { engine: 'familiar', images: 1, bestMs: ours },
    { engine: 'familiar', images: 8, bestMs: 8 * ours },
    { engine: 'onnxruntime-web', images: 1, ...standard },
    { engine: 'onnxruntime-web, MultiHeadAttention', images: 1, ...fused },
  ],
});

describe('bars', () => {
  it('are not judged without results', () => {
    for (const { verdict, value } of judge({}, undefined))
      expect([verdict, value]).toEqual(['not judged', NOT_MEASURED]);
  });

  it('compare products with the rate asked for, and two threads with one', () => {
    const products = [
      { threads: 1, rows: [{ gflops: 45 }, { gflops: 1 }] },
      { threads: 2, rows: [{ gflops: 72 }] },
    ];
    const of = verdicts({ products });
    expect(of('product 2056×768×192, one thread')).toEqual(['reached', '45.0 GFLOP/s']);
    expect(of('product 2056×768×192, two threads')).toEqual(['missed', '72.0 GFLOP/s']);
    expect(of('product, two threads over one')).toEqual(['missed', '1.60 times']);
  });

  it('take the second call alone where the first failed', () => {
    const of = verdicts({ products: [{ threads: 2, rows: [{ gflops: 80 }] }] });
    expect(of('product 2056×768×192, one thread')[0]).toBe('not judged');
    expect(of('product 2056×768×192, two threads')[0]).toBe('reached');
  });

  it('compare the encoder with the faster form of onnxruntime-web whose numbers agree', () => {
    const encoder = [
      forward(1, 70, { bestMs: 90, error: 1e-6 }, { bestMs: 77, error: 1e-6 }),
      forward(2, 41, { bestMs: 90, error: 1e-6 }, { bestMs: 10, error: 0.03 }),
    ];
    const of = verdicts({ encoder });
    expect(of('encoder forward, one image, one thread')).toEqual(['reached', '70.0 ms']);
    const [verdict, value] = of("encoder forward against onnxruntime-web's wasm, one thread");
    expect([verdict, value]).toEqual(['missed', '1.10 times (onnxruntime-web, MultiHeadAttention: 77.0 ms)']);
    expect(of("encoder forward against onnxruntime-web's wasm, two threads")[0]).toBe('reached');
  });

  it('do not judge by numbers that differ', () => {
    const wrong = { bestMs: 500, error: 1 };
    const of = verdicts({ encoder: [forward(1, 70, wrong, { bestMs: 500, error: Number.NaN })] });
    expect(of("encoder forward against onnxruntime-web's wasm, one thread")[0]).toBe('not judged');
  });

  it('compare the LoRA step at the most layers that a device of jax-js could do', () => {
    const rows = [
      { engine: 'familiar', layers: 2, bestMs: 100 },
      { engine: 'familiar', layers: 8, bestMs: 300 },
      { engine: 'jax-js, wasm', layers: 2, bestMs: 900, error: 0 },
      { engine: 'jax-js, wasm', layers: 8, bestMs: 3000, error: 1e-5 },
      { engine: 'jax-js, WebGPU in software', layers: 2, bestMs: 200, error: 0 },
      { engine: 'jax-js, WebGPU in software', layers: 8, skipped: 'would take about 99 s' },
    ];
    const of = verdicts({ loraStep: [rows] });
    expect(of('LoRA step')).toEqual(['reached', '10.0 times (jax-js, wasm, 8 layers: 3000 ms to 300 ms)']);
    const fewer = verdicts({
      loraStep: [rows.filter(({ layers, engine }) => layers === 2 || engine === 'familiar')],
    });
    expect(fewer('LoRA step')[1]).toBe('2.00 times (jax-js, WebGPU in software, 2 layers: 200 ms to 100 ms)');
  });

  it('read seconds, milliseconds and the generator where they are', () => {
    const of = verdicts({
      balancedStep: [{ medianMs: 1900 }],
      teach: [
        { preset: 'quick', seconds: 21 },
        { preset: 'balanced', seconds: 99 },
      ],
      firstMap: [{ seconds: 1.5 }],
      generator: [
        {
          rows: [
            { kind: 'evaluation', images: 8, bestMs: 1 },
            { kind: 'evaluation', images: 1, bestMs: 120 },
            { kind: 'DreamBooth step', images: 1, bestMs: 340 },
            { kind: 'picture', images: 1, medianMs: 4200 },
          ],
        },
      ],
    });
    expect(of('Balanced step')).toEqual(['reached', '1.90 s']);
    expect(of('Quick')).toEqual(['missed', '21.0 s']);
    expect(of('Balanced, from')).toEqual(['reached', '99.0 s']);
    expect(of('first map')).toEqual(['reached', '1.50 s']);
    expect(of('UNet evaluation')).toEqual(['missed', '120 ms']);
    expect(of('DreamBooth step')).toEqual(['reached', '340 ms']);
    expect(of('picture')).toEqual(['reached', '4.20 s']);
  });

  it('hold growth to linear time and flat memory', () => {
    const of = verdicts({
      batches: [
        [
          { images: 1, bestMs: 40 },
          { images: 4, bestMs: 120 },
          { images: 64, bestMs: 3000 },
        ],
      ],
      microBatches: [
        [
          { images: 3, peakBytes: 100 },
          { images: 48, peakBytes: 110 },
        ],
      ],
      attentionGrowth: [
        [
          { tokens: 257, peakBytes: 257_000 },
          { tokens: 4097, peakBytes: 4_097_000 * 4 },
        ],
      ],
    });
    expect(of('time per image')).toEqual(['reached', '1.17 times']);
    expect(of('memory of a step')).toEqual(['reached', '1.10 times']);
    expect(of('attention memory')).toEqual(['missed', '4.00 times']);
  });

  it('judge by PyTorch only with AVX-512', () => {
    const rows = [
      { threads: 1, images: 1, bestMs: 23 },
      { threads: 1, images: 8, bestMs: 80 },
    ];
    const encoder = [forward(1, 69, {}, {})];
    const of = verdicts({ encoder }, { capability: 'AVX512', rows });
    expect(of('encoder forward over PyTorch, one image, one thread')).toEqual([
      'reached',
      '3.00 times (69.0 ms to 23.0 ms)',
    ]);
    expect(of('encoder forward over PyTorch, 8 images, one thread')[0]).toBe('missed');
    const other = verdicts({ encoder }, { capability: 'AVX2', rows });
    expect(other('encoder forward over PyTorch, 8 images')).toEqual(['not judged', '6.90 times on AVX2']);
  });
});

it('finds the best of those that did the same work', () => {
  expect(bestRival([])).toBeUndefined();
  expect(bestRival([{ skipped: 'failed' }, { bestMs: 1, error: Number.NaN }])).toBeUndefined();
  const rows = [
    { bestMs: 5, error: 0 },
    { bestMs: 3, error: 1e-4 },
    { bestMs: 1, error: 1 },
  ];
  expect(bestRival(rows)).toBe(rows[1]);
});

it('divides only what is there', () => {
  expect([over(6, 3), over(undefined, 3), over(6, undefined)]).toEqual([2, undefined, undefined]);
});

it('measures growth from the first case', () => {
  const cost = ({ ms }: { ms: number }) => ms;
  const units = ({ n }: { n: number }) => n;
  expect(growthOf([], cost, units)).toBeUndefined();
  const rows = [
    { n: 1, ms: 2 },
    { n: 10, ms: 30 },
    { n: 100, ms: 100 },
  ];
  expect(growthOf(rows, cost, units)).toBe(1.5);
});
