import type { Cell } from '../summary/cells.ts';

/** A finished cell as a report needs it. */
export interface ReportCell extends Cell {
  seconds: { training: number; judging: number };
  /** Values of the sweep, by path. */
  point?: Record<string, unknown>;
}

/** A test picture with its maps. */
export interface ReportExample {
  subject: string;
  recipe: string;
  image: string;
  kind: 'better' | 'worse';
  measure: string;
  pretrained: number;
  personalized: number;
  /** Similarities at the ends of the colour scale of both maps, and which maps they are. */
  scale: [low: number, high: number];
  mode: 'reference' | 'object-minus-background';
  /** A data URL of photo and maps side by side. */
  source: string;
}

/** What a generator made for a subject. */
export interface ReportPool {
  subject: string;
  recipe: string;
  made: number;
  kept: number;
  threshold: number;
  score: number | null;
  seconds: Record<string, number>;
}

/** Everything a report shows. */
export interface ReportInput {
  title: string;
  /** Lines under the title: data set, encoder, adapter, browser, version. */
  about: string[];
  /** What the data set lacks, and what was left out. */
  notes: string[];
  /** Planned runs that are not there. */
  missing: number;
  cells: ReportCell[];
  examples: ReportExample[];
  pools: ReportPool[];
  settings: unknown;
}
