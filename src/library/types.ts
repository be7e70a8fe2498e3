/**
 * The records of the library. Times are milliseconds since 1970; ids are UUIDs made by us. The bytes that a
 * record is about (a photo's picture, an adapter's files, a checkpoint's tensors) are stored under keys of
 * their own, so that listing records reads none of them.
 */

/** The one thing that an encoder is taught: someone's dog, someone's mug. */
export interface Subject {
  id: string;
  /** "Biscuit". */
  name: string;
  /** What it is one of: "dog", "mug". */
  className: string;
  createdAt: number;
  updatedAt: number;
  /** Id of the bundled sample that it came from. */
  sampleId?: string;
}

/** What a photo is for. */
export type PhotoRole = 'train' | 'test' | 'negative' | 'background' | 'generated';

/** How a generated picture was made and judged. */
export interface GeneratedDetails {
  prompt: string;
  seed: number;
  /** Mean cosine of its crop to the photos' crops; null where no subject was seen, or without a filter. */
  score: number | null;
  /** Whether it is trained on: by the filter at first, then as the user decides. */
  kept: boolean;
  /** The threshold it was kept or rejected by; absent without a filter. */
  threshold?: number;
  /** The user kept or rejected it by hand: another threshold does not change that. */
  decided?: boolean;
  /** Id of the generator, and of its LoRA (an adapter's) when one was used. */
  generatorId: string;
  loraId: string | null;
  seconds: number;
}

/** Formats that photos are stored in. Import writes JPEG and PNG; samples may come as WebP. */
export type PhotoType = 'image/jpeg' | 'image/png' | 'image/webp';

export interface Photo {
  id: string;
  subjectId: string;
  role: PhotoRole;
  /** File name as the user knows it. */
  name: string;
  /** Upright size in pixels. */
  width: number;
  height: number;
  /** Size of the stored file. */
  bytes: number;
  type: PhotoType;
  /** SHA-256 of size and decoded pixels, 64 hex digits. */
  contentHash: string;
  /** Difference hash, 64 bits as 16 hex digits. */
  perceptualHash: string;
  addedAt: number;
  /** For test photos: how they differ from the training photos ("pose", "distractors", …). */
  shift?: string;
  /** For test photos: whether the subject is in it. */
  isSubject?: boolean;
  /** For generated pictures. */
  generated?: GeneratedDetails;
}

/** A photo before the library gives it an id. */
export type NewPhoto = Omit<Photo, 'id' | 'subjectId' | 'addedAt' | 'bytes'> & { blob: Blob };

/** Who made a mask. */
export type MaskSource = 'proposed' | 'edited' | 'imported' | 'sample';

export interface MaskRecord {
  photoId: string;
  subjectId: string;
  width: number;
  height: number;
  source: MaskSource;
  updatedAt: number;
}

/** A trained adapter. Its PEFT files are read with `library.adapters.files`. */
export interface AdapterRecord {
  id: string;
  subjectId: string;
  name: string;
  createdAt: number;
  /** The encoder that it belongs to (registry id or hub id). */
  encoderId: string;
  /** Full configuration of the run; JSON. */
  settings: unknown;
  /** Before/after scores; JSON. */
  scores?: unknown;
  runId?: string;
  /** Names and sizes of its files, in bytes. */
  files: { name: string; bytes: number }[];
}

export type RunStatus = 'running' | 'paused' | 'finished' | 'stopped' | 'failed';

/** A training run. `settings` and `history` are JSON that the library stores and does not read. */
export interface RunRecord {
  id: string;
  subjectId: string;
  status: RunStatus;
  createdAt: number;
  updatedAt: number;
  step: number;
  totalSteps: number;
  settings: unknown;
  /** Curves: whatever the trainer records. */
  history: unknown;
  /** Set once a checkpoint is stored: the step that resuming continues from. */
  checkpointStep?: number;
  /** What stopped a failed run. */
  error?: string;
}

/** Everything that resuming needs. `state` is JSON (step counters, random generator states). */
export interface Checkpoint {
  step: number;
  state: unknown;
  tensors: Record<string, Float32Array>;
}

/** A small picture that a run made on its way, to see what it had learned by then. */
export interface RunSample {
  step: number;
  prompt: string;
  seed: number;
  /** A PNG file. */
  png: Uint8Array<ArrayBuffer>;
}

/** Enough of a record to find it. */
export type Ref = { id: string; subjectId: string };
