/** A float32 array of a .npy file (format version 1, C order, little endian). */
export interface NpyArray {
  shape: number[];
  values: Float32Array<ArrayBuffer>;
}

/**
 * Read a .npy file of float32 or float64 numbers.
 * @throws Error naming the file and what is not supported
 */
export function readNpy(bytes: Uint8Array<ArrayBuffer>, fileName: string): NpyArray {
  const magic = String.fromCharCode(...bytes.subarray(1, 6));
  if (bytes[0] !== 0x93 || magic !== 'NUMPY') throw new Error(`${fileName} is no .npy file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerLength = view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + headerLength));
  const dtype = /'descr': '([^']+)'/.exec(header)?.[1];
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((text) => text.trim())
    .map(Number);
  if (header.includes("'fortran_order': True") || (dtype !== '<f4' && dtype !== '<f8')) {
    throw new Error(
      `${fileName}: ${dtype} in ${header.includes('True') ? 'Fortran' : 'C'} order is not supported`,
    );
  }
  const data = bytes.slice(10 + headerLength).buffer;
  return {
    shape,
    values: dtype === '<f4' ? new Float32Array(data) : Float32Array.from(new Float64Array(data)),
  };
}
