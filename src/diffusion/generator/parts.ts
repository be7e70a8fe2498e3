import { GeneratorFileError, type GeneratorFiles } from './files.ts';
import { GENERATOR_FILES as F } from './layoutNames.ts';

/** A thing that a generator's folder must hold, in one of several forms. */
export interface GeneratorPart {
  /** What it is, in a word or two. */
  what: string;
  /** Forms it may have: all files of one of them must be there. */
  forms: readonly (readonly string[])[];
  remedy: string;
}

const WHOLE = 'Get the whole folder, as diffusers saves it.';
const ONNX = 'Export it as ONNX with optimum ("optimum-cli export onnx") into the same folder.';

/** All that a generator's folder must hold. */
export const GENERATOR_PARTS: readonly GeneratorPart[] = [
  { what: 'UNet', forms: [[F.unetConfig]], remedy: WHOLE },
  {
    what: 'UNet weights',
    forms: [[F.unetWeights], [F.unetWeightsHalf]],
    remedy: 'Weights are read as safetensors; .bin files are not.',
  },
  { what: 'Scheduler', forms: [[F.schedulerConfig]], remedy: WHOLE },
  { what: 'Image coder', forms: [[F.vaeConfig]], remedy: WHOLE },
  { what: 'Image coder as ONNX', forms: [[F.vaeEncoder, F.vaeDecoder]], remedy: ONNX },
  { what: 'Text encoder as ONNX', forms: [[F.textEncoder]], remedy: ONNX },
  { what: 'Tokenizer', forms: [[F.tokenizerConfig]], remedy: WHOLE },
  { what: 'Its words', forms: [[F.tokenizer], [F.vocabulary, F.merges]], remedy: WHOLE },
];

/**
 * Look for everything a generator needs before any of it is read: weights of gigabytes should not load to end in a small
 * file that is missing.
 * @throws GeneratorFileError naming all that is missing, with the remedies
 */
export async function requireParts(files: GeneratorFiles, name: string): Promise<void> {
  const missing: string[] = [];
  const remedies = new Set<string>();
  for (const { forms, remedy } of GENERATOR_PARTS) {
    const lacking = await Promise.all(forms.map((form) => lackingOf(files, form)));
    if (lacking.some((paths) => paths.length === 0)) continue;
    missing.push(lacking.map((paths) => paths.join(' and ')).join(' or '));
    remedies.add(remedy);
  }
  if (missing.length === 0) return;
  throw new GeneratorFileError(`${name}: the folder lacks ${missing.join('; ')}. ${[...remedies].join(' ')}`);
}

async function lackingOf(files: GeneratorFiles, form: readonly string[]): Promise<string[]> {
  const there = await Promise.all(form.map((path) => files.has(path)));
  return form.filter((_, i) => !there[i]);
}
