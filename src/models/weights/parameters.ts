import { isFloatDtype } from './safetensors/dtypes.ts';
import type { SafetensorsHeader } from './safetensors/header.ts';

/** Names of the tensors that a parameter is made of, stacked by rows; null for rows of zeros. One name for most. */
export type Spelling = readonly (string | null)[];

/** A parameter of a model: what it is called there, its shape, and how files may call what it is made of. */
export interface ParameterSpec {
  role: string;
  shape: number[];
  /** The first spelling all of whose tensors are there counts. */
  from: readonly Spelling[];
}

/** One file of a checkpoint, by name, with its header. */
export interface CheckpointHeader {
  fileName: string;
  header: Pick<SafetensorsHeader, 'tensors'>;
}

/** Where a tensor of a file goes. */
export interface Destination {
  role: string;
  /** First of the parameter's numbers that it gives. */
  offset: number;
  /** Shape of the whole parameter. */
  shape: number[];
  /** Share of the parameter that the tensor is: 1 for the whole of it. */
  part: number;
}

/** A checkpoint that lacks a tensor of its model, or has it in another shape. */
export class CheckpointTensorError extends Error {
  override readonly name = 'CheckpointTensorError';
  constructor(
    readonly tensor: string,
    fileName: string,
    problem: string,
    model: string,
  ) {
    super(
      `${fileName}: tensor "${tensor}" ${problem}. The weights and config.json must come from the same ${model} checkpoint.`,
    );
  }
}

/**
 * Find every parameter of a model in the headers of a checkpoint, of one file or several. Tensors that the model does not have,
 * such as a head's or another tower's, are no error.
 * @param model what the model is called in messages
 * @returns by the names of the files' tensors, where each goes
 * @throws CheckpointTensorError naming the first tensor that is missing or mis-shaped, with both shapes
 */
export function findParameters(
  specs: readonly ParameterSpec[],
  files: readonly CheckpointHeader[],
  model: string,
): Map<string, Destination> {
  const present = new Map(
    files.flatMap(({ fileName, header }) =>
      header.tensors.map((tensor) => [tensor.name, { ...tensor, fileName }] as const),
    ),
  );
  const destinations = new Map<string, Destination>();
  for (const { role, shape, from } of specs) {
    const spelling = from.find((parts) => parts.every((name) => name === null || present.has(name)));
    if (!spelling) {
      // The usual spelling behind the prefix that the file has: what its reader would look for.
      const nearest =
        from.find((parts) => parts.some((name) => name !== null && present.has(name))) ?? from[0]!;
      const missing = nearest.find((name) => name !== null && !present.has(name)) ?? role;
      const names = files.map(({ fileName }) => fileName).join(', ');
      throw new CheckpointTensorError(
        missing,
        names,
        `is missing; config.json asks for it as ${text(partShape(shape, nearest.length))}`,
        model,
      );
    }
    const part = partShape(shape, spelling.length);
    for (const [i, name] of spelling.entries()) {
      if (name === null) continue;
      const tensor = present.get(name)!;
      if (text(core(tensor.shape)) !== text(core(part))) {
        const problem = `is ${text(tensor.shape)}; config.json asks for ${text(part)}`;
        throw new CheckpointTensorError(name, tensor.fileName, problem, model);
      }
      if (!isFloatDtype(tensor.dtype)) {
        const problem = `has dtype ${tensor.dtype}; F32, F16, BF16 or F64 can be read`;
        throw new CheckpointTensorError(name, tensor.fileName, problem, model);
      }
      destinations.set(name, { role, shape, offset: i * size(part), part: 1 / spelling.length });
    }
  }
  return destinations;
}

/** Shape of one of `parts` tensors that are stacked by rows. */
function partShape([rows, ...rest]: readonly number[], parts: number): number[] {
  return [rows! / parts, ...rest];
}

/** Without leading ones: files keep a class token as [1, 1, C], models as [C]. */
function core(shape: readonly number[]): number[] {
  const first = shape.findIndex((extent) => extent !== 1);
  return first < 0 ? [] : shape.slice(first);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function text(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
