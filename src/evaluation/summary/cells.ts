import type { SubjectScores, TaskScores } from '../tasks/scores.ts';

/** One finished evaluation: a subject by one set of weights. */
export interface Cell {
  subject: string;
  /** Row of the tables: `pretrained`, or the name of a recipe. */
  recipe: string;
  /** Row of the pretrained encoder that it is compared with, where there are several; `pretrained` when left out. */
  baseline?: string;
  /** Seed of the training; null for the pretrained encoder, which has none. */
  seed: number | null;
  scores: SubjectScores;
}

/** A number of a table. */
export interface Metric {
  id: string;
  task: string;
  name: string;
  of: (scores: TaskScores) => number | null;
}

/** Every number that is told, the headline of each task first. */
export const METRICS: readonly Metric[] = [
  {
    id: 'prAuc',
    task: 'Classification',
    name: 'PR-AUC',
    of: ({ classification }) => classification?.prAuc ?? null,
  },
  { id: 'ndcg', task: 'Retrieval', name: 'NDCG', of: ({ retrieval }) => retrieval?.ndcg ?? null },
  { id: 'mrr', task: 'Retrieval', name: 'MRR', of: ({ retrieval }) => retrieval?.mrr ?? null },
  { id: 'top10', task: 'Retrieval', name: 'top 10', of: ({ retrieval }) => retrieval?.top10 ?? null },
  { id: 'boxMap', task: 'Detection', name: 'mAP', of: ({ detection }) => detection?.map ?? null },
  { id: 'boxAp50', task: 'Detection', name: 'AP50', of: ({ detection }) => detection?.ap50 ?? null },
  { id: 'boxAp75', task: 'Detection', name: 'AP75', of: ({ detection }) => detection?.ap75 ?? null },
  {
    id: 'boxF1',
    task: 'Detection',
    name: 'F1 at 50 of the reference (not a standard F1)',
    of: ({ detection }) => detection?.referenceF1At50 ?? null,
  },
  { id: 'maskMap', task: 'Segmentation', name: 'mAP', of: ({ segmentation }) => segmentation?.map ?? null },
  {
    id: 'maskAp50',
    task: 'Segmentation',
    name: 'AP50',
    of: ({ segmentation }) => segmentation?.ap50 ?? null,
  },
  {
    id: 'maskAp75',
    task: 'Segmentation',
    name: 'AP75',
    of: ({ segmentation }) => segmentation?.ap75 ?? null,
  },
  {
    id: 'meanIou',
    task: 'Segmentation',
    name: 'mean IoU',
    of: ({ segmentation }) => segmentation?.meanIou ?? null,
  },
  {
    id: 'maskF1',
    task: 'Segmentation',
    name: 'F1 at 50 of the reference (not a standard F1)',
    of: ({ segmentation }) => segmentation?.referenceF1At50 ?? null,
  },
  { id: 'patchAp', task: 'Raw map', name: 'patch AP', of: ({ patchAp }) => patchAp },
];

/** The name of the row that recipes are compared with. Judged by other photos or maps it has more to its name. */
export const PRETRAINED = 'pretrained';

/** Whether a row is the pretrained encoder's: `pretrained`, or `pretrained, photos 3`. */
export function isPretrained(recipe: string): boolean {
  return recipe === PRETRAINED || recipe.startsWith(`${PRETRAINED}, `);
}
