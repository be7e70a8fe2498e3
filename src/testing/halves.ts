import { fromFloat16 } from '../models/weights/safetensors/dtypes.ts';
import { Philox } from '../random/philox.ts';

/** Bits of random f16 numbers of either sign, 2^(exponent − 1) to 2^(exponent + 1) in size, and the numbers. */
export function testHalves(count: number, seed: number, exponent = -2) {
  const random = new Philox(seed);
  const bits = Uint16Array.from({ length: count }, () => {
    const biased = 15 + exponent - 1 + random.int(2);
    return (random.int(2) << 15) | (biased << 10) | random.int(1024);
  });
  return { bits, values: fromFloat16(bits) };
}
