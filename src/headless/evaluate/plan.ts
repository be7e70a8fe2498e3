import { PRETRAINED } from '../../evaluation/summary/cells.ts';
import { nameKey } from '../../files/names.ts';
import { hashLabel } from '../../random/label.ts';
import { resolvedDreamBooth, resolvedTraining } from './resolve.ts';

/** Ways of making positives that a table can compare, by the names of `--positives`. */
export const RECIPES = ['real', 'cutpaste', 'dreambooth', 'masked-dreambooth', 'combined'] as const;
export type Recipe = (typeof RECIPES)[number];

/** What `--settings FILE` may hold; everything is optional. */
export interface EvaluationFile {
  preset: 'paper' | 'balanced' | 'quick';
  /** Training settings that differ from the preset. */
  training: Record<string, unknown>;
  positives: Recipe[];
  seeds: number[];
  /** Names; all when left out. */
  subjects: string[] | null;
  /** Part of the data set whose subjects are evaluated (PODS: `val`, `test`); all when null. */
  part: string | null;
  /** Real photos a subject is taught from, the first ones; all when null. */
  photos: number | null;
  /** Test pictures of each subject, evenly spread over its shifts; all when null. */
  tests: number | null;
  dense: boolean;
  map: { size: number | null; mode: 'reference' | 'object-minus-background'; frame: 'fit' | 'pad' };
  /** Where a box's patches are looked for: at the photo's place on the grid, or as the reference does (with `pad`). */
  confidence: 'photo' | 'reference';
  generation: GenerationPlan;
  /** Lists of values by dotted path, such as {"training.steps": [10, 50], "photos": [1, 3]}. */
  sweep: Record<string, unknown[]>;
  /** `each`: one list at a time, the others at their base. `grid`: every combination. */
  sweepBy: 'each' | 'grid';
}

/** How generated positives are made. */
export interface GenerationPlan {
  /** How many to keep, 0 for none; and how many to try at most for each. */
  images: number;
  triesEach: number;
  captions: 'vanilla' | 'scenes' | 'grammar';
  /** Pictures of the class by the untuned generator that join the negatives of every recipe, as in the paper; 0 for none. */
  negatives: number;
  /** Class words by subject, where a folder's name is no word the generator knows. */
  classWords: Record<string, string>;
  steps: number;
  guidance: number;
  sampler: string;
  batch: number;
  /** Settings of DreamBooth that differ from the preset for the embedded generator. */
  dreambooth: Record<string, unknown>;
}

export const DEFAULTS: EvaluationFile = {
  preset: 'balanced',
  training: {},
  positives: ['real', 'cutpaste', 'combined'],
  seeds: [1],
  subjects: null,
  part: null,
  photos: null,
  tests: null,
  dense: true,
  map: { size: null, mode: 'reference', frame: 'fit' },
  confidence: 'photo',
  generation: {
    ...{ images: 0, triesEach: 4, negatives: 0, captions: 'grammar' as const, steps: 20, guidance: 4 },
    ...{ sampler: 'dpm++2m', batch: 2, dreambooth: {}, classWords: {} },
  },
  sweep: {},
  sweepBy: 'each',
};

/** A settings file that does not say what it should; names the field. */
export class EvaluationFileError extends Error {
  override readonly name = 'EvaluationFileError';
}

/** One training with its evaluation. */
export interface PlannedCell {
  subject: string;
  /** Row of the table: the recipe with what is swept. */
  recipe: string;
  /** Row of the pretrained encoder that it is compared with: judged by the same photos and maps. */
  baseline: { recipe: string; point: Record<string, unknown> };
  positives: Recipe;
  /** Values of the sweep at this point, by path. */
  point: Record<string, unknown>;
  seed: number;
  /** Settings at this point. */
  file: EvaluationFile;
}

/**
 * Settings from JSON over the defaults.
 * @throws EvaluationFileError for unknown fields and values of the wrong type
 */
export function readEvaluationFile(json: unknown, base: EvaluationFile = DEFAULTS): EvaluationFile {
  if (!isRecord(json)) throw new EvaluationFileError('The settings must be a JSON object.');
  const file = merge(base as unknown as Record<string, unknown>, json, '') as unknown as EvaluationFile;
  requireOneOf('sweepBy', [file.sweepBy], ['each', 'grid']);
  requireValid(file);
  for (const [path, values] of Object.entries(file.sweep)) {
    if (FIXED.includes(path.split('.')[0]!))
      throw new EvaluationFileError(`sweep: ${path} is the same for a whole run and cannot be varied in it.`);
    if (!Array.isArray(values) || values.length === 0)
      throw new EvaluationFileError(`sweep: ${path} must be a list of values.`);
    for (const value of values) {
      try {
        requireValid(withValue(file, path, value));
      } catch (error) {
        const text = (error as Error).message;
        throw new EvaluationFileError(text.startsWith('sweep:') ? text : `sweep: ${text}`);
      }
    }
  }
  return file;
}

/** Settings that are read once a run. */
const FIXED = ['seeds', 'subjects', 'part', 'tests', 'sweep', 'sweepBy'];

/** Fields of `training` that are said elsewhere. */
const ELSEWHERE: Record<string, string> = { seed: 'seeds', positives: 'positives', preset: 'preset' };

/** @throws EvaluationFileError, or an error of the training's or DreamBooth's own reader, that names the field */
function requireValid(file: EvaluationFile): void {
  requireOneOf('preset', [file.preset], ['paper', 'balanced', 'quick']);
  requireOneOf('positives', file.positives, RECIPES);
  requireOneOf('map.mode', [file.map.mode], ['reference', 'object-minus-background']);
  requireOneOf('map.frame', [file.map.frame], ['fit', 'pad']);
  requireOneOf('confidence', [file.confidence], ['photo', 'reference']);
  requireOneOf('generation.captions', [file.generation.captions], ['vanilla', 'scenes', 'grammar']);
  if (typeof file.dense !== 'boolean') throw new EvaluationFileError('dense must be true or false.');
  for (const [subject, word] of Object.entries(file.generation.classWords)) {
    if (typeof word !== 'string' || !word.trim())
      throw new EvaluationFileError(`generation.classWords.${subject} must be a word.`);
  }
  if (!file.seeds.length || !file.seeds.every((seed) => Number.isInteger(seed) && seed >= 0))
    throw new EvaluationFileError('seeds must be a list of whole numbers of at least 0.');
  for (const [name, value] of [
    ['photos', file.photos],
    ['tests', file.tests],
    ['map.size', file.map.size],
  ] as const) {
    if (value !== null && !(Number.isInteger(value) && value >= 1))
      throw new EvaluationFileError(`${name} must be a whole number of at least 1, or null for all.`);
  }
  for (const name of ['images', 'triesEach', 'negatives', 'steps', 'batch'] as const) {
    const value = file.generation[name];
    const least = name === 'images' || name === 'negatives' ? 0 : 1;
    if (!(Number.isInteger(value) && value >= least))
      throw new EvaluationFileError(`generation.${name} must be a whole number of at least ${least}.`);
  }
  if (!(typeof file.generation.guidance === 'number' && file.generation.guidance >= 0))
    throw new EvaluationFileError('generation.guidance must be a number of at least 0.');
  for (const [name, place] of Object.entries(ELSEWHERE)) {
    if (name in file.training)
      throw new EvaluationFileError(`training.${name} is set by "${place}" of these settings.`);
  }
  resolvedTraining(file, 'real', 0, true);
  resolvedDreamBooth(file, 'dreambooth');
}

/**
 * All cells of a run, by seed, then subject, so that a run that is cut short has compared something. Real crops are always
 * among them: asked for, or once at the base of a sweep.
 * @param subjects that are there and can be trained and tested
 */
export function planCells(file: EvaluationFile, subjects: readonly string[]): PlannedCell[] {
  const wanted = subjects.filter((subject) => !file.subjects || file.subjects.includes(subject));
  const rows = planRows(file);
  return file.seeds.flatMap((seed) =>
    wanted.flatMap((subject) => rows.map((row) => ({ subject, seed, ...row }))),
  );
}

/** Recipes that were asked for and cannot be run anywhere in the sweep, since no images are drawn. */
export function withoutImages(file: EvaluationFile): Recipe[] {
  const planned = new Set(planRows(file).map(({ positives }) => positives));
  const asked = sweepPoints(file).flatMap((point) => at(file, point).positives);
  return [...new Set(asked)].filter((positives) => !planned.has(positives));
}

/** Cells of one subject and seed. */
function planRows(file: EvaluationFile): Omit<PlannedCell, 'subject' | 'seed'>[] {
  const rows = new Map<string, Omit<PlannedCell, 'subject' | 'seed'>>();
  const paths = Object.keys(file.sweep);
  const add = (positives: Recipe, given: Record<string, unknown>): void => {
    const here = at(file, given);
    const point = pick(given, (path) => path !== 'positives' && matters(path, positives, here));
    const judged = pick(point, (path) => JUDGING.test(path));
    const recipe = nameOf(positives, point, paths);
    if (rows.has(recipe)) return;
    const baseline = { recipe: nameOf(PRETRAINED, judged, paths), point: judged };
    rows.set(recipe, { recipe, baseline, positives, point, file: at(file, point) });
  };
  for (const point of sweepPoints(file)) {
    const here = at(file, point);
    for (const positives of here.positives)
      if (!needsGenerator(positives) || here.generation.images > 0) add(positives, point);
  }
  const planned = [...rows.values()];
  if (planned.some(({ positives }) => positives === 'real')) return planned;
  add('real', {});
  return [rows.get('real')!, ...planned];
}

/** Settings that the pretrained encoder's scores depend on too. */
const JUDGING = /^(photos|dense|confidence|map(\..+)?)$/;

/** Settings of drawing that count for drawn negatives too, which every recipe has. */
const DRAWING = /^generation\.(negatives|steps|guidance|sampler|classWords(\..+)?)$/;

/** Whether a swept setting makes a difference to a recipe: real crops are the same whatever is generated or pasted. */
function matters(path: string, positives: Recipe, { generation, training }: EvaluationFile): boolean {
  if (path.startsWith('generation.')) {
    if (path === 'generation.images' && positives === 'combined') return true;
    if (needsGenerator(positives) || (positives === 'combined' && generation.images > 0)) return true;
    return path === 'generation.negatives' || (generation.negatives > 0 && DRAWING.test(path));
  }
  const pastes = positives === 'cutpaste' || positives === 'combined';
  const anchors = (training.anchorMode ?? 'real') !== 'real' && !needsGenerator(positives);
  return pastes || anchors || !/^training\.cutPaste(Count|\..+)?$/.test(path);
}

/** Whether a recipe cannot do without generated images. */
export function needsGenerator(positives: Recipe): boolean {
  return positives === 'dreambooth' || positives === 'masked-dreambooth';
}

/** Name of a cell's file, without its ending; one for each subject, recipe, point and seed. */
export function cellName(subject: string, recipe: string, seed: number | null): string {
  const parts = [plainName(recipe), ...(seed === null ? [] : [`seed_${seed}`])];
  return [fileNameOf(subject), ...parts].join('--');
}

/** Longest part of a file name that a subject gives; names end at 255 bytes. */
const LONGEST = 80;

/**
 * A subject's name as part of a file name on every system. Where characters are replaced or cut off, a digest of the whole name
 * follows: `ポチ` and `タマ`, or `a b` and `a_b`, are two files.
 */
function fileNameOf(subject: string): string {
  const name = nameKey(subject);
  const plain = plainName(name).slice(0, LONGEST);
  if (plain === name) return plain;
  return `${plain}~${hashLabel(name)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')
    .slice(0, 10)}`;
}

function plainName(text: string): string {
  return text.replaceAll(/[^\w.=+-]+/g, '_');
}

/** `real, rank 4`: a row with what is swept there; whole paths where two of the sweep's would look alike. */
function nameOf(row: string, point: Record<string, unknown>, paths: readonly string[]): string {
  const short = (path: string) => path.split('.').at(-1)!;
  const label = (path: string) =>
    paths.some((other) => other !== path && short(other) === short(path)) ? path : short(path);
  return [row, ...Object.entries(point).map(([path, value]) => `${label(path)} ${plain(value)}`)].join(', ');
}

function plain(value: unknown): string {
  if (value === null) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function pick(point: Record<string, unknown>, wanted: (path: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(point).filter(([path]) => wanted(path)));
}

/** The settings at a point of the sweep. */
function at(file: EvaluationFile, point: Record<string, unknown>): EvaluationFile {
  return Object.entries(point).reduce((settings, [path, value]) => withValue(settings, path, value), file);
}

/** The base alone, or every point of the sweep. */
function sweepPoints({ sweep, sweepBy }: EvaluationFile): Record<string, unknown>[] {
  const entries = Object.entries(sweep);
  if (entries.length === 0) return [{}];
  if (sweepBy === 'each')
    return entries.flatMap(([path, values]) => values.map((value) => ({ [path]: value })));
  return entries.reduce<Record<string, unknown>[]>(
    (points, [path, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [path]: value }))),
    [{}],
  );
}

/** Roots of paths that may be set freely: their own readers check what is below. */
const OPEN = ['training.', 'generation.dreambooth.'];

/**
 * A copy with one value changed.
 * @throws EvaluationFileError when there is no such setting
 */
function withValue(file: EvaluationFile, path: string, value: unknown): EvaluationFile {
  const copy = structuredClone(file) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const open = OPEN.some((root) => path.startsWith(root));
  let at = copy;
  for (const key of keys) {
    if (open && at[key] === undefined) at[key] = {};
    if (!isRecord(at[key])) throw new EvaluationFileError(`sweep: there is no setting ${path}.`);
    at = at[key];
  }
  if (!open && !(last in at)) throw new EvaluationFileError(`sweep: there is no setting ${path}.`);
  at[last] = path === 'positives' && !Array.isArray(value) ? [value] : value;
  return copy as unknown as EvaluationFile;
}

function merge(base: Record<string, unknown>, given: Record<string, unknown>, path: string) {
  const result: Record<string, unknown> = structuredClone(base);
  for (const [key, value] of Object.entries(given)) {
    const at = path ? `${path}.${key}` : key;
    if (!(key in base)) throw new EvaluationFileError(`There is no setting ${at}.`);
    const reference = base[key];
    const free = ['training', 'sweep', 'generation.dreambooth', 'generation.classWords'].includes(at);
    if (isRecord(reference)) {
      if (!isRecord(value)) throw new EvaluationFileError(`${at} must be an object.`);
      result[key] = free ? { ...reference, ...value } : merge(reference, value, at);
    } else if (Array.isArray(reference)) {
      if (!Array.isArray(value)) throw new EvaluationFileError(`${at} must be a list.`);
      result[key] = value;
    } else if (reference !== null && typeof value !== typeof reference) {
      throw new EvaluationFileError(`${at} must be a ${typeof reference}; it is ${JSON.stringify(value)}.`);
    } else result[key] = value;
  }
  return result;
}

function requireOneOf(name: string, values: readonly string[], known: readonly string[]): void {
  for (const value of values) {
    if (!known.includes(value))
      throw new EvaluationFileError(`${name} knows ${known.join(', ')}, not ${value}.`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
