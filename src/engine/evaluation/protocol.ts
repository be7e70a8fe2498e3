import type { DenseRecord } from '../../evaluation/tasks/records.ts';
import type { EnginePhoto, MapSettings, Which } from '../protocol.ts';

/** How pictures are judged. */
export interface EvaluationSettings {
  map: MapSettings;
  /** Whether to make maps; without, only the image tasks are judged. */
  dense: boolean;
  /**
   * How a box of the photo finds its patches for its confidence: by where the photo lies on the grid, or as the reference does
   * it (method §5.4), which is off on padded grids. `photo` when left out.
   */
  confidence?: 'photo' | 'reference';
}

/** What one set of weights says of one picture, asked about the subject of the references. */
export interface PictureJudgement {
  /** Class token [hiddenSize]. */
  embedding: Float32Array;
  /** Largest cosine to the training photos' class tokens. */
  score: number;
  /** Null when maps were not asked for, or the training photos have no mask. */
  dense: DenseRecord | null;
  /** The raw map behind it, row by row; null without. */
  map: { columns: number; rows: number; values: Float32Array<ArrayBuffer> } | null;
}

/** The evaluating part of the engine. */
export interface EvaluationApi {
  /**
   * Judge one picture by one set of weights against the references (`setReferences`). Features are kept, so asking again
   * about another subject costs the map alone.
   * @param own whether it shows the subject: its mask is then the truth
   */
  judge(
    which: Which,
    photo: EnginePhoto,
    own: boolean,
    settings: EvaluationSettings,
  ): Promise<PictureJudgement>;
  /** Class token of a photo [hiddenSize]. */
  embed(which: Which, photo: EnginePhoto): Promise<Float32Array>;
}
