import { describe, expect, it } from 'vitest';
import { TINY_CLIP_TEXT as config, randomClipText as randomEncoder } from '../../testing/clipText.ts';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { ClipTextConfigError, readClipTextConfig } from './config.ts';
import { exportTokenEmbedding, importTokenEmbedding, TokenEmbeddingFileError } from './embeddingFile.ts';
import { ClipTextTensorError } from './weights.ts';

describe('ClipText', () => {
  const ids = [
    [1, 4, 8, 2, 0, 0],
    [1, 8, 3, 8, 2, 0],
  ];

  it.each(['quick_gelu', 'gelu'] as const)('differentiates to the learned token (%s)', async (activation) => {
    const context = await testContext();
    const before = context.memory.used;
    const { loader, make } = randomEncoder(context, { ...config, activation });
    const model = make();
    await checkGradients(
      context,
      { row: { shape: [1, 16], values: testNumbers(16, 40) } },
      ({ row }) => model.forward(ids, { id: 8, row: row! }),
      { epsilon: 3e-3 },
    );
    loader.release();
    expect(context.memory.used).toBe(before);
  });

  it('with the table’s own row gives what it gives without a learned token; prompts do not see what comes later', async () => {
    const context = await testContext();
    const { loader, make } = randomEncoder(context, config);
    const model = make();
    const run = async (prompts: number[][], row?: Float32Array): Promise<Float32Array> => {
      const tensor = row && context.fromArray(row, [1, 16]);
      const output = model.forward(prompts, tensor && { id: 8, row: tensor });
      const values = await context.read(output);
      output.release();
      tensor?.release();
      return values;
    };
    const plain = await run(ids);
    expect(await run(ids, model.embedding(8))).toBeAllclose(plain, { atol: 1e-6 });
    const other = await run([[1, 4, 8, 2, 5, 5]]);
    expect([...other.subarray(0, 64)]).toBeAllclose([...plain.subarray(0, 64)], { atol: 1e-6 });
    expect(other[80]).not.toBeCloseTo(plain[80]!, 3);
    expect(() => model.forward([[9]])).toThrow('token 9 is not in a table of 9');
    expect(() => model.forward([[1, 1, 1, 1, 1, 1, 1]])).toThrow('takes 6');
    loader.release();
  });

  it('names a tensor that is missing, and a config it cannot compute', async () => {
    const context = await testContext();
    const { loader, make } = randomEncoder(context, config, 'encoder.layers.1.mlp.fc2.bias');
    expect(make).toThrow(ClipTextTensorError);
    expect(make).toThrow('"encoder.layers.1.mlp.fc2.bias" is missing');
    loader.release();
    expect(() => readClipTextConfig({})).toThrow(ClipTextConfigError);
    const json = {
      ...{ hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 1, intermediate_size: 8 },
      ...{ max_position_embeddings: 4, vocab_size: 5, hidden_act: 'tanh' },
    };
    expect(() => readClipTextConfig(json)).toThrow('quick_gelu or gelu, not tanh');
  });
});

describe('learned_embeds.safetensors', () => {
  it('comes back, and other files are refused', () => {
    const file = exportTokenEmbedding('<new1>', Float32Array.of(1, 2, 3));
    expect(importTokenEmbedding(file, 'x')).toEqual(Float32Array.of(1, 2, 3));
    const json = new TextDecoder().decode(file.subarray(8));
    expect(json).toContain('"<new1>":{"dtype":"F32","shape":[3]');
    const empty = new Uint8Array(10);
    empty[0] = 2;
    empty.set(new TextEncoder().encode('{}'), 8);
    expect(() => importTokenEmbedding(empty, 'x')).toThrow(TokenEmbeddingFileError);
    const broken = exportTokenEmbedding('<new1>', Float32Array.of(1, Number.NaN));
    expect(() => importTokenEmbedding(broken, 'x')).toThrow('x has NaN');
  });
});
