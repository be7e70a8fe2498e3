import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '../safetensors/write.ts';
import { contentDigest } from './contentDigest.ts';
import { TINY_JSON, tinyFile, tinyShards, tinyTensors } from './testing.ts';

const file = (content: Uint8Array<ArrayBuffer>, name = 'model.safetensors') => new File([content], name);
const tiny = await contentDigest(TINY_JSON, [file(tinyFile())]);

/** A model whose weights are much more than the ends of its file, with a change to all numbers of one tensor. */
function large(changed?: string): File {
  const tensors = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => {
      const values = Float32Array.from({ length: 25_000 }, (_number, at) => Math.sin(i + at));
      return [
        `t${i}`,
        { shape: [values.length], values: changed === `t${i}` ? values.map((x) => x + 1e-3) : values },
      ];
    }),
  );
  return file(writeSafetensors(tensors));
}

describe('contentDigest', () => {
  it('is the same for the same files, whatever their names, order and layout of JSON', async () => {
    expect(tiny).toMatch(/^[0-9a-f]{12}$/);
    const config = Object.fromEntries(Object.entries(TINY_JSON).reverse());
    expect(await contentDigest(config, [file(tinyFile(), 'renamed.safetensors')])).toBe(tiny);
    const shards = Object.values(tinyShards().shards).map((bytes) => file(bytes));
    expect(await contentDigest(TINY_JSON, shards)).toBe(await contentDigest(TINY_JSON, shards.toReversed()));
  });

  it('is the same on every machine', async () => {
    const values = Float32Array.of(1, 2, 0.5);
    const weights = file(writeSafetensors({ x: { shape: [3], values } }));
    expect(await contentDigest({ b: [{ d: 1, c: null }], a: 'ä' }, [weights])).toBe('4fe132853f0c');
  });

  it('tells another configuration, size or name of a tensor', async () => {
    const { 'layernorm.bias': bias, ...rest } = tinyTensors();
    const others = [
      contentDigest({ ...TINY_JSON, layer_norm_eps: 1e-5 }, [file(tinyFile())]),
      contentDigest(TINY_JSON, [file(writeSafetensors({ ...rest, 'norm.bias': bias! }))]),
      contentDigest(TINY_JSON, [file(writeSafetensors(rest))]),
    ];
    expect(new Set([tiny, ...(await Promise.all(others))]).size).toBe(4);
  });

  it('tells a fine-tune by any one tensor', async () => {
    const changed = Array.from({ length: 8 }, (_, i) => contentDigest({}, [large(`t${i}`)]));
    const digests = await Promise.all([contentDigest({}, [large()]), ...changed]);
    expect(new Set(digests).size).toBe(9);
  });
});
