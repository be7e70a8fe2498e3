import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Generator } from './load.ts';

/** Text states of prompts, [N, T, D] row-major. */
export interface TextStates {
  values: Float32Array;
  shape: readonly [number, number, number];
}

/** Encode prompts; equal ones are encoded once. */
export async function encodePrompts(
  { tokenizer, textEncoder }: Pick<Generator, 'tokenizer' | 'textEncoder'>,
  prompts: readonly string[],
): Promise<TextStates> {
  const known = new Map<string, Float32Array>();
  let shape: readonly number[] = [];
  for (const prompt of prompts) {
    if (known.has(prompt)) continue;
    const ids = tokenizer.encode(prompt);
    const output = await textEncoder.run({
      values: BigInt64Array.from(ids, BigInt),
      shape: [1, ids.length],
    });
    known.set(prompt, output.values);
    shape = output.shape;
  }
  const size = known.values().next().value!.length;
  const values = new Float32Array(prompts.length * size);
  for (const [i, prompt] of prompts.entries()) values.set(known.get(prompt)!, i * size);
  return { values, shape: [prompts.length, shape[1]!, shape[2]!] };
}

/** The same by the text encoder on the GPU, with a learned embedding [1, D] for the subject's token. */
export async function encodeLearned(
  context: Context,
  { tokenizer, textModel }: Pick<Generator, 'tokenizer' | 'textModel'>,
  prompts: readonly string[],
  row: Tensor,
): Promise<TextStates> {
  const model = await textModel();
  const encoded = prompts.map((prompt) => tokenizer.encodeSubject(prompt));
  const states = model.forward(
    encoded.map(({ ids }) => ids),
    { id: encoded[0]!.subject, row },
  );
  const shape = states.shape as readonly [number, number, number];
  const values = await context.read(states);
  states.release();
  return { values, shape };
}
