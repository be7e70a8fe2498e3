import { describe, expect, it, vi } from 'vitest';
import { SafetensorsError } from './errors.ts';
import { parseSafetensors } from './parse.ts';
import { type StreamedTensor, type StreamOptions, streamSafetensors } from './stream.ts';
import { chunked, errorOf, handmadeFile } from './testing.ts';
import { writeSafetensors } from './write.ts';

const FILE = writeSafetensors({
  a: { shape: [2, 3], values: new Float32Array([1, 2, 3, 4, 5, 6]) },
  b: { shape: [0], values: new Float32Array(0) },
  c: { shape: [5], values: new Float32Array([7, 8, 9, 10, 11]) },
});

async function collect(
  stream: ReadableStream<Uint8Array>,
  options: Partial<StreamOptions> = {},
): Promise<StreamedTensor[]> {
  const tensors: StreamedTensor[] = [];
  for await (const tensor of streamSafetensors(stream, { fileName: 'weights', ...options }))
    tensors.push(tensor);
  return tensors;
}

describe('streamSafetensors', () => {
  it.each([
    [[1]],
    [[7, 1, 64]],
    [[100_000]],
  ])('yields what parsing yields, in chunks of %j', async (sizes) => {
    const tensors = await collect(chunked(FILE, sizes), { totalBytes: FILE.length });
    const expected = [...parseSafetensors(FILE, 'weights')].map(([name, tensor]) => ({ name, ...tensor }));
    expect(tensors).toEqual(expected);
    expect(tensors.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('tells progress to the byte, never backwards, up to the end', async () => {
    const onProgress = vi.fn<(done: number, total: number) => void>();
    await collect(chunked(FILE, [16]), { totalBytes: FILE.length, onProgress });
    const done = onProgress.mock.calls.map(([bytes]) => bytes);
    expect(done.slice(0, 3)).toEqual([16, 32, 48]);
    expect(done.at(-1)).toBe(FILE.length);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(onProgress.mock.calls.every(([, total]) => total === FILE.length)).toBe(true);
  });

  it('asks for no more than one tensor ahead', async () => {
    const pulled: number[] = [];
    const big = writeSafetensors({
      a: { shape: [1000], values: new Float32Array(1000) },
      b: { shape: [1000], values: new Float32Array(1000) },
    });
    let position = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(big.subarray(position, position + 100));
        position += 100;
        pulled.push(position);
      },
    });
    const tensors = streamSafetensors(stream, { fileName: 'weights' });
    await tensors.next();
    expect(pulled.at(-1)).toBeLessThan(big.length - 3500);
    await tensors.return();
  });

  it('cancels the source when the loop is left or the header refused', async () => {
    const cancel = vi.fn<() => void>();
    const source = () => {
      let sent = false;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (!sent) controller.enqueue(FILE.subarray(0, FILE.length - 4));
          sent = true;
        },
        cancel,
      });
    };
    for await (const tensor of streamSafetensors(source(), { fileName: 'weights' })) {
      expect(tensor.name).toBe('a');
      break;
    }
    expect(cancel).toHaveBeenCalledTimes(1);
    const refuse = () => {
      throw new RangeError('not this one');
    };
    expect(await errorOf(() => collect(source(), { onHeader: refuse }))).toBeInstanceOf(RangeError);
    expect(cancel).toHaveBeenCalledTimes(2);
  });

  it('names tensor and byte where a stream breaks off', async () => {
    const error = await errorOf(() => collect(chunked(FILE.subarray(0, FILE.length - 3), [50])));
    expect(error).toBeInstanceOf(SafetensorsError);
    expect(error).toMatchObject({ tensor: 'c', byteOffset: FILE.length - 3 });
    expect(error.message).toContain(`it should have ${FILE.length}`);
  });

  it('notices a wrong size before reading tensors', async () => {
    const onHeader = vi.fn<() => void>();
    const error = await errorOf(() => collect(chunked(FILE, [9]), { totalBytes: FILE.length - 8, onHeader }));
    expect(error).toMatchObject({ tensor: 'c' });
    expect(onHeader).not.toHaveBeenCalled();
  });

  it('refuses bytes after the end', async () => {
    const longer = new Uint8Array(FILE.length + 2);
    longer.set(FILE);
    expect((await errorOf(() => collect(chunked(longer, [64])))).message).toContain(
      'bytes follow the last tensor',
    );
  });

  it('passes over integer tensors', async () => {
    const data = new Uint8Array(12);
    new DataView(data.buffer).setFloat32(8, 2.5, true);
    const header = {
      ids: { dtype: 'I64', shape: [1], data_offsets: [0, 8] },
      x: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
    };
    const tensors = await collect(chunked(handmadeFile(header, data), [3]));
    expect(tensors).toEqual([{ name: 'x', dtype: 'F32', shape: [1], values: new Float32Array([2.5]) }]);
  });

  it("hands on the source's own error", async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError('connection lost')),
    });
    expect((await errorOf(() => collect(stream))).message).toBe('connection lost');
  });
});
