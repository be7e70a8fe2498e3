/**
 * What the bench on the processor measures. Each call of a job of the page (`src/headless/bench/cpu/jobs.ts`) gets a browser of its
 * own: onnxruntime-web fixes its threads once per page, and memory begins empty.
 */

/** @type {{name: string, title: string, calls: Record<string, unknown>[]}[]} */
export const JOBS = [
  { name: 'products', title: 'matrix products', calls: [{ threads: 1 }, { threads: 2 }] },
  { name: 'encoder', title: 'encoder forward', calls: [{ threads: 1 }, { threads: 2 }] },
  { name: 'loraStep', title: 'LoRA step', calls: [{}] },
  { name: 'balancedStep', title: 'step of Balanced', calls: [{}] },
  { name: 'teach', title: 'teaching the sample dog', calls: [{ preset: 'quick' }, { preset: 'balanced' }] },
  { name: 'firstMap', title: 'first map of a sample', calls: [{}] },
  { name: 'generator', title: 'generator', calls: [{}] },
  { name: 'batches', title: 'images per batch', calls: [{}] },
  { name: 'microBatches', title: 'images per step', calls: [{}] },
  { name: 'attentionGrowth', title: 'tokens of attention', calls: [{}] },
];

/** Name of what is timed in Python beside the jobs. */
export const PYTORCH = 'pytorch';

/**
 * The jobs of `--only`; all when left out.
 * @param {string | true | undefined} only names with commas between
 * @throws Error naming what is not known
 */
export function chosenJobs(only) {
  const known = [...JOBS.map(({ name }) => name), PYTORCH];
  if (only === undefined) return known;
  const names = String(only).split(',');
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Error(`--only takes ${known.join(', ')}, not ${wrong}.`);
  return names;
}
