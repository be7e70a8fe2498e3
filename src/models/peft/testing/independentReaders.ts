import { spawnSync } from 'node:child_process';

/** A tensor as a reader of the format sees it. */
export interface ReadTensor {
  dtype: string;
  shape: number[];
  values: number[];
}

/**
 * A reader of float32 safetensors files written from the format's description alone: a 64-bit little-endian length, a
 * JSON header of that length, then the data that the header's offsets count from. Shares no code with the program.
 */
export function readWithDataView(file: Uint8Array): { metadata: unknown; tensors: Map<string, ReadTensor> } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(8 + i));
  const { __metadata__: metadata, ...header } = JSON.parse(text);
  const tensors = new Map<string, ReadTensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries<{
    dtype: string;
    shape: number[];
    data_offsets: [number, number];
  }>(header)) {
    const values: number[] = [];
    for (let at = data_offsets[0]; at < data_offsets[1]; at += 4) {
      values.push(view.getFloat32(8 + length + at, true));
    }
    tensors.set(name, { dtype, shape, values });
  }
  return { metadata, tensors };
}

/** The same in Python, with its standard library only. */
const PYTHON_READER = `
import json, struct, sys
data = sys.stdin.buffer.read()
(length,) = struct.unpack_from('<Q', data)
header = json.loads(data[8:8 + length])
header.pop('__metadata__', None)
tensors = {}
for name, entry in header.items():
    begin, end = entry['data_offsets']
    count = (end - begin) // 4
    values = struct.unpack_from('<%df' % count, data, 8 + length + begin)
    tensors[name] = {'dtype': entry['dtype'], 'shape': entry['shape'], 'values': values}
json.dump(tensors, sys.stdout)
`;

/** Read a float32 safetensors file with python3; undefined where there is none on this machine. */
export function readWithPython(file: Uint8Array): Map<string, ReadTensor> | undefined {
  const { error, status, stdout, stderr } = spawnSync('python3', ['-c', PYTHON_READER], {
    input: file,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 20_000,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
  if (error || status !== 0) throw error ?? new Error(`python3: ${stderr}`);
  return new Map(Object.entries(JSON.parse(stdout)));
}
