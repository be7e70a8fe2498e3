/**
 * The one door between the page and what computes: what the worker offers, in plain types that structured clone can carry.
 * Calls go through Comlink; progress comes back through callbacks wrapped in `Comlink.proxy`.
 */
import type { Backend, DeviceDescription, MemoryUse, Traits } from '../backend/backend.ts';
import type { Choice, Preference } from '../backend/choose/choose.ts';
import type { Mask, Pixels } from '../images/types.ts';
import type { LoraAdapter } from '../models/peft/types.ts';
import type { VitConfig } from '../models/vit/config.ts';
import type { TrainingSettings } from '../personalize/settings.ts';
import type { TrainingCheckpoint, TrainingPoint } from '../personalize/trainer/trainer.ts';
import type { PositiveMade } from '../personalize/trainer/viewBank.ts';
import type { EvaluationApi } from './evaluation/protocol.ts';
import type { GeneratorApi } from './generator/protocol.ts';

export type { PositiveMade, Preference, TrainingCheckpoint, TrainingPoint };

/** What computes, as the page shows it and plans by. */
export interface ComputeStatus {
  kind: Backend['kind'];
  device: DeviceDescription;
  traits: Traits;
  /** One sentence for each weaker choice that was taken. */
  notes: string[];
  /** What the user wants, and what is known of either way to compute. */
  choice: Choice;
}

/** What the worker computes with, shown in the page's header. */
export interface EngineStatus {
  compute: ComputeStatus;
  memory: MemoryUse;
  encoder: EncoderInfo | null;
}

/** The encoder in use. `id` names it in adapters and runs: `embedded`, a hub id, or `local:<folder name>@<digest>`. */
export interface EncoderInfo {
  id: string;
  hiddenSize: number;
  layers: number;
  heads: number;
  patchSize: number;
  /** Side of the square that global embeddings are taken at, in pixels. */
  inputSize: number;
  parameters: number;
  bytes: number;
  /** Its configuration, which adapters are checked against. */
  config: VitConfig;
}

/**
 * Where to load an encoder from. Hub checkpoints must be in the cache: the download worker puts them there. Files that a
 * command downloaded from the hub have the hub's `id`; others are known by their content.
 */
export type EncoderSource =
  | { kind: 'embedded' }
  | { kind: 'hub'; id: string; revision?: string }
  | { kind: 'files'; name: string; files: File[]; id?: string };

/** Bytes or items done of a total. */
export interface Progress {
  stage: string;
  done: number;
  total: number;
}

/** A photo as the engine sees it; `key` must name the pixels uniquely (features are cached by it). */
export interface EnginePhoto {
  key: string;
  pixels: Pixels;
  mask?: Mask;
}

/** All that a run needs. */
export interface TrainingRequest {
  runId: string;
  settings: TrainingSettings;
  photos: EnginePhoto[];
  negatives: EnginePhoto[];
  /** Photos to paste on; procedural backgrounds fill in when there are none. */
  backgrounds: EnginePhoto[];
  /** Images of the subject by a personalized generator; none when left out. */
  generated?: EnginePhoto[];
  /** Continue from here. */
  checkpoint?: TrainingCheckpoint;
  /** Do not run on by itself: wait for `step()` or `resumeTraining()`. */
  paused?: boolean;
}

/** Events of a run, in order. */
export type TrainingEvent =
  | { type: 'stage'; stage: 'positives' | 'views' | 'prefix' | 'training'; done: number; total: number }
  | { type: 'positive'; positive: PositiveMade }
  | {
      type: 'step';
      point: TrainingPoint;
      imagesPerSecond: number;
      secondsLeft: number;
      memory: { used: number; peak: number; reserved: number };
    }
  | { type: 'checkpoint'; checkpoint: TrainingCheckpoint }
  | { type: 'paused'; step: number }
  | { type: 'resumed'; step: number }
  | { type: 'recovered'; fromStep: number; reason: string }
  | { type: 'finished'; checkpoint: TrainingCheckpoint; seconds: number }
  | { type: 'stopped'; checkpoint: TrainingCheckpoint | null }
  | { type: 'failed'; name: string; message: string };

/** How maps are made. */
export interface MapSettings {
  /** Longer side of the photo as it is encoded, in pixels; a multiple of the patch size. */
  size: number;
  /** `fit`: the grid takes the photo's shape. `pad`: a padded square (method §3.4). Default `fit`. */
  frame?: 'fit' | 'pad';
  /** `reference`: the paper's vector (method §3.4). `object-minus-background`: the difference map. */
  mode: 'reference' | 'object-minus-background';
}

/** Which weights: the encoder as published, or with the adapter. */
export type Which = 'pretrained' | 'personalized';

/** A similarity map on the patch grid of one photo; the grid covers exactly the photo. */
export interface DenseMap {
  which: Which;
  /** Patches that hold photo (padding is cut away). */
  columns: number;
  rows: number;
  /** Row-major cosines (or differences of cosines). */
  values: Float32Array;
  /** Otsu mask after clean-up, at most 512 pixels on the long side. */
  mask: Mask;
  /** Tight box of the mask in photo pixels [x, y, width, height]; null when the mask is empty. */
  box: [number, number, number, number] | null;
  /** Largest cosine of the photo's class token to those of the training photos. */
  score: number;
  /** `middle` when no training photo has a mask: the object is then taken to fill the middle of the photo. */
  referenceFrom: 'masks' | 'middle';
  /** Average precision of the raw map against the photo's mask, when it has one. */
  patchAp: number | null;
  /** Intersection over union of the Otsu mask with the photo's mask, when it has one. */
  iou: number | null;
}

/** One map of a hover: similarity of the hovered patch to every patch of one photo. */
export interface HoverMap {
  key: string;
  which: Which;
  columns: number;
  rows: number;
  values: Float32Array;
}

/** A click on a photo for a mask proposal, in photo pixels; negative ones say "not this". */
export interface MaskClick {
  x: number;
  y: number;
  positive: boolean;
}

/** What happens to the engine as a whole. */
export type EngineEvent =
  | { type: 'device-lost'; reason: string }
  | { type: 'recovered'; status: EngineStatus }
  | { type: 'unrecoverable'; message: string };

/** The worker's API. Every call may reject with an error whose message can be shown as it is. */
export interface EngineApi extends GeneratorApi, EvaluationApi {
  /** Hear of a lost and a recovered device. */
  subscribe(listener: (event: EngineEvent) => void): Promise<void>;
  /** Choose what computes and check its kernels, load nothing yet. */
  start(options: { baseUrl: string; preference?: Preference }): Promise<EngineStatus>;
  status(): Promise<EngineStatus>;
  /** Compute by another choice: all that is loaded comes along, and runs go on from their last checkpoint. */
  use(preference: Preference): Promise<EngineStatus>;
  /** Load an encoder; on failure the one before stays. */
  loadEncoder(source: EncoderSource, onProgress: (progress: Progress) => void): Promise<EncoderInfo>;

  /** Use an adapter for the personalized side; null for none. */
  setAdapter(adapter: LoraAdapter | null): Promise<void>;
  /** Photos (with masks where known) that maps and scores refer to. */
  setReferences(photos: EnginePhoto[]): Promise<void>;
  /** Map of one photo by each set of weights there is. */
  maps(photo: EnginePhoto, settings: MapSettings): Promise<DenseMap[]>;
  /** Similarity of one patch of a photo (row-major index on its grid) to all patches of the open photos. */
  hover(request: { key: string; patch: number; open: string[]; size: number }): Promise<HoverMap[]>;
  /** Propose a mask from clicks. */
  proposeMask(photo: EnginePhoto, clicks: MaskClick[]): Promise<Mask>;
  /** Forget cached features of these photos (they were deleted or changed). */
  forget(keys: string[]): Promise<void>;

  /** Start a run; resolves when it has begun, events tell the rest. */
  startTraining(request: TrainingRequest, onEvent: (event: TrainingEvent) => void): Promise<void>;
  pauseTraining(): Promise<void>;
  resumeTraining(): Promise<void>;
  /** One optimizer step while paused. */
  stepTraining(): Promise<void>;
  /** End the run now; the last completed step is kept as a checkpoint. */
  stopTraining(): Promise<void>;
  /** A checkpoint of the run right now (between steps). */
  checkpointNow(): Promise<TrainingCheckpoint | null>;

  /** Destroy the device as a driver reset would; for tests and the "simulate" button of the researcher's drawer. */
  loseDevice(): Promise<void>;
}
