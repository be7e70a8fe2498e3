import * as ort from 'onnxruntime-web';
import { expect, it } from 'vitest';
import { relativeError } from '../../../images/relativeError.ts';
import { randomDinov2S, randomPixels } from '../encoders.ts';
import { type AttentionForm, dinov2Onnx } from './dinov2.ts';

it('writes models that onnxruntime reads, the same with either form of attention', async () => {
  const host = randomDinov2S(1);
  const run = async (form: AttentionForm) => {
    const session = await ort.InferenceSession.create(dinov2Onnx(host, 1, form));
    const pixels = new ort.Tensor(randomPixels(1, 224), [1, 3, 224, 224]);
    const output = (await session.run({ pixel_values: pixels }))[session.outputNames[0]!]!;
    expect(output.dims).toEqual([1, 257, 384]);
    return output.data as Float32Array;
  };
  expect(relativeError(await run('fused'), await run('standard'))).toBeLessThan(1e-5);
}, 60_000);
