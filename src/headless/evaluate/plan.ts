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
  requireOneOf('preset', [file.preset], ['paper', 'balanced', 'quick']);
  requireOneOf('positives', file.positives, RECIPES);
  requireOneOf('sweepBy', [file.sweepBy], ['each', 'grid']);
  requireOneOf('map.mode', [file.map.mode], ['reference', 'object-minus-background']);
  requireOneOf('map.frame', [file.map.frame], ['fit', 'pad']);
  requireOneOf('confidence', [file.confidence], ['photo', 'reference']);
  requireOneOf('generation.captions', [file.generation.captions], ['vanilla', 'scenes', 'grammar']);
  for (const [subject, word] of Object.entries(file.generation.classWords)) {
    if (typeof word !== 'string' || !word.trim())
      throw new EvaluationFileError(`generation.classWords.${subject} must be a word.`);
  }
  if (!file.seeds.length || !file.seeds.every((seed) => Number.isInteger(seed) && seed >= 0))
    throw new EvaluationFileError('seeds must be a list of whole numbers of at least 0.');
  for (const name of ['photos', 'tests'] as const) {
    const value = file[name];
    if (value !== null && !(Number.isInteger(value) && value >= 1))
      throw new EvaluationFileError(`${name} must be a whole number of at least 1, or null for all.`);
  }
  for (const [path, values] of Object.entries(file.sweep)) {
    if (!Array.isArray(values) || values.length === 0)
      throw new EvaluationFileError(`sweep: ${path} must be a list of values.`);
    withValue(file, path, values[0]);
  }
  return file;
}

/**
 * All cells of a run, by subject, then seed, so that a run that is cut short has compared something.
 * @param subjects that are there and can be trained and tested
 */
export function planCells(file: EvaluationFile, subjects: readonly string[]): PlannedCell[] {
  const wanted = subjects.filter((subject) => !file.subjects || file.subjects.includes(subject));
  const points = sweepPoints(file);
  const cells: PlannedCell[] = [];
  for (const seed of file.seeds)
    for (const subject of wanted)
      for (const point of points) {
        const here = Object.entries(point).reduce((at, [path, value]) => withValue(at, path, value), file);
        for (const positives of here.positives) {
          if (needsGenerator(positives) && here.generation.images === 0) continue;
          cells.push({ subject, recipe: nameOf(positives, point), positives, point, seed, file: here });
        }
      }
  return cells;
}

/** Whether a recipe cannot do without generated images. */
export function needsGenerator(positives: Recipe): boolean {
  return positives === 'dreambooth' || positives === 'masked-dreambooth';
}

/** Name of a cell's file, without its ending; one for each subject, recipe, point and seed. */
export function cellName(subject: string, recipe: string, seed: number | null): string {
  const clean = (text: string) => text.replaceAll(/[^\w.=+-]+/g, '_');
  return [subject, recipe, ...(seed === null ? [] : [`seed ${seed}`])].map(clean).join('--');
}

function nameOf(positives: Recipe, point: Record<string, unknown>): string {
  const values = Object.entries(point)
    .filter(([path]) => path !== 'positives')
    .map(([path, value]) => `${path.split('.').at(-1)} ${plain(value)}`);
  return [positives, ...values].join(', ');
}

function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
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
