import type { MapSettings, Preference } from '../../engine/protocol.ts';
import type { Cell } from '../../evaluation/summary/cells.ts';
import type { PictureRecord } from '../../evaluation/tasks/records.ts';
import type { Dataset } from '../../files/dataset/types.ts';
import type { FolderSource } from '../folder.ts';
import type { OutputFile } from '../generate/learnAndDraw.ts';
import type { RequestedEncoder } from '../personalize/encoderSource.ts';
import type { EvaluationFile, PlannedCell, Recipe } from './plan.ts';

/** What is evaluated; opened once a run. */
export interface EvaluationSource {
  backend: Preference;
  encoder: RequestedEncoder;
  /** The data set. */
  folder: FolderSource;
  /** Where its paths are served, with a slash at the end. */
  base: string;
  /** Negatives and backgrounds that are used where the data set has none, by address. */
  bundled: { negatives: string[]; backgrounds: string[] };
  /** Part of the data set whose subjects are evaluated, and test pictures of each; null for all. */
  part: string | null;
  tests: number | null;
  /** Name of a function of the page that takes progress events. */
  progress: string;
}

/** What was opened. */
export interface OpenedEvaluation {
  /** What computes. */
  device: string;
  encoder: string;
  dataset: Pick<Dataset, 'name' | 'notes'>;
  /** What of the data set is left out, as sentences. */
  leftOut: string[];
  /** Subjects that can be trained and tested. */
  subjects: { name: string; className: string; train: number; test: number; masks: boolean }[];
  /** Test pictures of all subjects, the ones that only serve as negatives included. */
  pictures: number;
}

/** A cell to run: by a training, or with an adapter that is there. */
export interface CellRequest {
  cell: PlannedCell;
  /** Addresses of kept generated images. */
  generated: string[];
  /** Addresses of generated negatives. */
  negatives: string[];
  /** Files of an adapter, with what lies beside them, instead of a training. */
  adapter: { name: string; url: string }[] | null;
}

/** What came of a cell. */
export interface CellResult extends Cell {
  /** Seconds of training and of judging. */
  seconds: { training: number; judging: number };
  /** Loss of the last step; null without a training. */
  loss: number | null;
  /** Every picture's part, in the order of the data set. */
  records: PictureRecord[];
  /** Pictures of maps for the report; the adapter. */
  files: OutputFile[];
  examples: Example[];
}

/** A test picture whose map changed much. */
export interface Example {
  /** File of the photo, the pretrained and the personalized map side by side. */
  file: string;
  image: string;
  owner: string;
  kind: 'better' | 'worse';
  /** What is compared, and both values. */
  measure: 'patch AP' | 'similarity';
  pretrained: number;
  personalized: number;
  /** Similarities at the ends of the colour scale of both maps, and which colours these are. */
  scale: [low: number, high: number];
  mode: MapSettings['mode'];
}

/** Images for a subject by a generator that learned it. */
export interface GenerateRequest {
  subject: string;
  recipe: Recipe;
  file: EvaluationFile;
}
