import type { TaskScores } from '../tasks/scores.ts';
import { orderShifts } from '../tasks/shifts.ts';
import { type Cell, isPretrained, type Metric, PRETRAINED } from './cells.ts';

/** A number of one row over subjects and seeds. */
export interface Summary {
  /** Mean over subjects of the mean over seeds; null when no cell has the number. */
  mean: number | null;
  /** Standard error of `mean` over the seeds, the subjects being given; null unless every subject has two seeds or more. */
  seedError: number | null;
  /** Subjects that have it, and cells behind it. */
  subjects: number;
  cells: number;
  /** Against the pretrained encoder on the same subjects; null for that row itself. */
  difference: Difference | null;
}

/** A paired difference: each cell minus the pretrained score of its own subject, by the same photos and maps. */
export interface Difference {
  mean: number;
  /** Standard error of the mean over the cells; null with fewer than two. */
  standardError: number | null;
  better: number;
  worse: number;
}

/** Recipes in the order in which they come, the pretrained encoder first. */
export function recipesOf(cells: readonly Cell[]): string[] {
  const names = [...new Set(cells.map(({ recipe }) => recipe))];
  return [...names.filter(isPretrained), ...names.filter((name) => !isPretrained(name))];
}

/** Shifts that any cell knows, in the order in which they are told. */
export function shiftsOf(cells: readonly Cell[]): string[] {
  return orderShifts(cells.flatMap(({ scores }) => Object.keys(scores.shifts)));
}

/** The tasks' scores of a cell: overall, or of one shift. */
export function scoresOf({ scores }: Cell, shift: string | null): TaskScores | undefined {
  return shift === null ? scores.overall : scores.shifts[shift];
}

/** The pretrained encoder's cell that a cell is compared with. */
export function baselineOf<T extends Cell>(cells: readonly T[], { subject, baseline = PRETRAINED }: Cell) {
  return cells.find((cell) => cell.subject === subject && cell.recipe === baseline);
}

/**
 * One number of one row. Subjects weigh the same however many seeds they were run with, as in the paper's mean over
 * instances; differences are paired within a subject, so that hard subjects do not blur them.
 */
export function summarize(
  cells: readonly Cell[],
  recipe: string,
  metric: Metric,
  shift: string | null = null,
): Summary {
  const value = (cell: Cell): number | null => {
    const scores = scoresOf(cell, shift);
    return scores ? metric.of(scores) : null;
  };
  const bySubject = new Map<string, number[]>();
  const differences: number[] = [];
  for (const cell of cells) {
    const score = cell.recipe === recipe ? value(cell) : null;
    if (score === null) continue;
    bySubject.set(cell.subject, [...(bySubject.get(cell.subject) ?? []), score]);
    const pretrained = baselineOf(cells, cell);
    const before = pretrained && value(pretrained);
    if (before != null) differences.push(score - before);
  }
  const means = [...bySubject.values()].map(average);
  return {
    mean: means.length ? average(means) : null,
    seedError: seedError([...bySubject.values()]),
    subjects: means.length,
    cells: [...bySubject.values()].reduce((sum, { length }) => sum + length, 0),
    difference: isPretrained(recipe) || !differences.length ? null : describe(differences),
  };
}

/**
 * Standard error of the mean over subjects of their means over seeds. Runs are independent of each other, so the variances of
 * the subjects' means add up: sqrt(Σ s² / n) / subjects, with s² the variance of a subject over its n seeds.
 */
function seedError(bySubject: readonly (readonly number[])[]): number | null {
  if (bySubject.length === 0 || bySubject.some(({ length }) => length < 2)) return null;
  const sum = bySubject.reduce((total, scores) => total + variance(scores) / scores.length, 0);
  return Math.sqrt(sum) / bySubject.length;
}

function describe(differences: readonly number[]): Difference {
  const mean = average(differences);
  const n = differences.length;
  return {
    mean,
    standardError: n > 1 ? Math.sqrt(variance(differences) / n) : null,
    better: differences.filter((value) => value > 0).length,
    worse: differences.filter((value) => value < 0).length,
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Unbiased, of two values or more. */
function variance(values: readonly number[]): number {
  const mean = average(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
