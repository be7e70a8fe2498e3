/** What the engine's generator offers the page, in plain types that structured clone can carry. */
import type { DreamBoothSettings } from '../../diffusion/dreambooth/settings.ts';
import type { DreamBoothCheckpoint, DreamBoothPoint } from '../../diffusion/dreambooth/trainer.ts';
import type { FolderFile } from '../../diffusion/generator/files.ts';
import type { GeneratorInfo, GeneratorProgress } from '../../diffusion/generator/load.ts';
import type { ImageRequest, SamplingSettings } from '../../diffusion/sampling/makeImages.ts';
import type { Pixels } from '../../images/types.ts';
import type { UNet2DAdapter } from '../../models/unet2d/lora.ts';
import type { EnginePhoto } from '../protocol.ts';

export type {
  DreamBoothCheckpoint,
  DreamBoothPoint,
  DreamBoothSettings,
  GeneratorInfo,
  GeneratorProgress,
  ImageRequest,
  SamplingSettings,
  UNet2DAdapter,
};

/** Where to load a generator from. */
export type GeneratorSource = { kind: 'embedded' } | { kind: 'files'; name: string; files: FolderFile[] };

/** What a generator makes of a prompt. */
export interface PromptCheck {
  prompt: string;
  /** Words its tokenizer does not know. */
  unknown: string[];
  /** Whether it is longer than the text encoder takes. */
  cut: boolean;
}

/** A class image by its latents [H, W, C], which training takes as they are. */
export interface ClassImage {
  latents: Float32Array;
  seed: number;
}

/** All that a DreamBooth run needs. */
export interface DreamBoothRequest {
  runId: string;
  settings: DreamBoothSettings;
  /** Such as `dog`. */
  classWord: string;
  photos: EnginePhoto[];
  /** Class images made before with this generator; what is missing is made first. */
  classImages: ClassImage[];
  /** Continue from here. */
  checkpoint?: DreamBoothCheckpoint;
}

/** GPU memory in bytes. */
export interface MemoryUse {
  used: number;
  peak: number;
  reserved: number;
}

/** Events of a DreamBooth run, in order. */
export type DreamBoothEvent =
  | {
      type: 'stage';
      stage: 'views' | 'class images' | 'training';
      done: number;
      total: number;
      /** Of the stage; null while nothing of it is done. */
      secondsLeft: number | null;
    }
  | { type: 'class-image'; image: ClassImage; pixels: Pixels }
  | { type: 'step'; point: DreamBoothPoint; secondsAStep: number; secondsLeft: number; memory: MemoryUse }
  | { type: 'validation'; step: number; prompt: string; seed: number; pixels: Pixels }
  | { type: 'checkpoint'; checkpoint: DreamBoothCheckpoint }
  | { type: 'paused'; step: number }
  | { type: 'resumed'; step: number }
  | { type: 'recovered'; fromStep: number; reason: string }
  | { type: 'finished'; checkpoint: DreamBoothCheckpoint; seconds: number }
  | { type: 'stopped'; checkpoint: DreamBoothCheckpoint | null }
  | { type: 'failed'; name: string; message: string };

/** How generated images are judged: kept when their score is at least the threshold. */
export interface FilterSettings {
  /** `auto` fits it first: halfway between what the photos and `others` score. */
  threshold: number | 'auto';
  /** Photos of the subject that are compared with, whatever the page opens meanwhile; the engine's references when left out. */
  photos?: EnginePhoto[];
  /** Pictures of something else, for `auto`. */
  others?: EnginePhoto[];
}

/** A batch job of images. */
export interface GenerationRequest {
  /** In order; the job ends with the list, or when enough were kept. */
  images: (ImageRequest & { id: string })[];
  settings: SamplingSettings;
  /** Images denoised at once. */
  batch: number;
  /** LoRA of the generator; null for the untuned one. */
  lora: UNet2DAdapter | null;
  /** Model evaluations between previews; 0 for none. */
  previewEvery: number;
  filter: FilterSettings | null;
  /** End when so many were kept. */
  wanted: number;
}

/** A generated image with what the filter says of it. */
export interface GeneratedImage extends ImageRequest {
  id: string;
  pixels: Pixels;
  latents: Float32Array;
  /** Mean cosine of its subject's crop to those of the photos; null without a filter or a region. */
  score: number | null;
  accepted: boolean;
  /** Where the subject was seen, [x, y, width, height] in its pixels. */
  box: [number, number, number, number] | null;
  seconds: number;
}

/** Events of a generation job. */
export type GenerationEvent =
  | { type: 'fitting'; done: number; total: number }
  | { type: 'fitted'; scale: FilterScale }
  | { type: 'started'; ids: string[] }
  | { type: 'denoising'; ids: string[]; step: number; steps: number; secondsLeft: number }
  | { type: 'preview'; id: string; pixels: Pixels }
  | { type: 'image'; image: GeneratedImage }
  | { type: 'progress'; made: number; kept: number; of: number; secondsLeft: number; memory: MemoryUse }
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'finished'; made: number; kept: number }
  | { type: 'cancelled'; made: number; kept: number }
  | { type: 'failed'; name: string; message: string };

/** What the filter's scores mean for the present subject. */
export interface FilterScale {
  /** Every photo's crop against those of the others. */
  photos: number[];
  /** Crops of pictures of something else against the photos. */
  others: number[];
  /** Halfway between the means of both. */
  threshold: number;
}

/** The generator's part of the worker's API. */
export interface GeneratorApi {
  /** Load a generator; on failure the one before stays. */
  loadGenerator(
    source: GeneratorSource,
    onProgress: (progress: GeneratorProgress) => void,
  ): Promise<GeneratorInfo>;
  /** Let its memory go. */
  unloadGenerator(): Promise<void>;
  /** What its own captions are made of, where it says so. */
  generatorCaptions(): Promise<unknown>;
  checkPrompts(prompts: string[]): Promise<PromptCheck[]>;

  /** Start a run; resolves when it has begun, events tell the rest. */
  startDreamBooth(request: DreamBoothRequest, onEvent: (event: DreamBoothEvent) => void): Promise<void>;
  pauseDreamBooth(): Promise<void>;
  resumeDreamBooth(): Promise<void>;
  /** End the run now; the last completed step is kept as a checkpoint. */
  stopDreamBooth(): Promise<void>;

  /** Start making images; resolves when it has begun. */
  startGeneration(request: GenerationRequest, onEvent: (event: GenerationEvent) => void): Promise<void>;
  pauseGeneration(): Promise<void>;
  resumeGeneration(): Promise<void>;
  /** End the job, also in the middle of an image. */
  cancelGeneration(): Promise<void>;

  /** Scores the filter gives photos and pictures of something else; references must be set. */
  filterScale(others: EnginePhoto[]): Promise<FilterScale>;
}
