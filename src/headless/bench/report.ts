import type { Backend, KernelTime } from '../../backend/backend.ts';
import type { AttentionRow } from './attention.ts';
import type { MatmulRow } from './matmul.ts';

/** Who did the work. */
export type Engine =
  | 'familiar'
  | 'onnxruntime-web'
  | 'onnxruntime-web, MultiHeadAttention'
  | 'onnxruntime-web, given file'
  | 'jax-js';

/** What an encoder was timed at. */
export interface EncoderCase {
  kind: 'forward' | 'step';
  encoder: string;
  layers: number;
  /** Side of the square images, in pixels. */
  side: number;
  images: number;
}

/** Times of several runs after a warm-up, in milliseconds. */
export interface Timing {
  /** The first run, which compiles kernels; not among the timed ones. */
  firstMs: number;
  bestMs: number;
  medianMs: number;
  runs: number;
}

/** One line of the forward and step tables. */
export interface EncoderRow extends EncoderCase, Timing {
  engine: Engine;
  /** Relative error against this engine: of the last hidden states, or of the losses of the first steps. */
  error?: number;
  /** What a reader must know to judge the row. */
  note?: string;
}

/** A case that gave no time, and why. */
export interface SkippedRow extends EncoderCase {
  engine: Engine;
  skipped: string;
}

/** One line of the hover table. */
export interface HoverRow extends Timing {
  encoder: string;
  /** Photos, and patches of each. */
  photos: number;
  patches: number;
}

/** One line of the generator's table. A step's images are those of one micro-batch with its update. */
export interface GeneratorRow extends Partial<Timing> {
  model: string;
  kind: 'evaluation' | 'DreamBooth step' | 'picture';
  images: number;
  /** Side of the latents. */
  latent: number;
  /** Rate by the operations of the matrix products, convolutions and attention; not known for a picture. */
  gflops?: number;
  /** Why there is no time. */
  skipped?: string;
}

/** Everything `npm run bench` measured. */
export interface BenchReport {
  /** What computed, by which backend. */
  device: string;
  backend: Backend['kind'];
  /** Whether it is the processor, by itself or as a software adapter. */
  onCpu: boolean;
  features: string[];
  /** The weaker choices that were taken. */
  notes: string[];
  /** See `MOST_ERROR`. */
  mostError: number;
  matmul: MatmulRow[];
  attention: AttentionRow[];
  encoders: (EncoderRow | SkippedRow)[];
  hover: HoverRow[];
  generator: GeneratorRow[];
  /** Time by kernel of one DreamBooth step, where the backend can measure it. */
  kernels: KernelTime[];
}

/** Relative error against this engine above which another did not do the same work. */
export const MOST_ERROR = 1e-3;

/** Whether another engine's row has a time for the same work. */
export function didTheSame(row: EncoderRow | SkippedRow): boolean {
  return !('skipped' in row) && row.error !== undefined && row.error <= MOST_ERROR;
}
