import type { FloatTensor } from '../../models/weights/safetensors/parse.ts';

/** One comparison with a golden value; it passes when `error` is at most `tolerance`. */
export interface GoldenCheck {
  name: string;
  error: number;
  tolerance: number;
}

/** A folder laid out like the project's golden values: read from a server, or from memory in tests. */
export interface GoldenFolder {
  json(path: string): Promise<unknown>;
  /** Floating-point tensors of a safetensors file. */
  tensors(path: string): Promise<Map<string, FloatTensor>>;
  bytes(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Whether a file is there; any subset of the golden values may be given. */
  has(path: string): Promise<boolean>;
}
