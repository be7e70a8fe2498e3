import type { SortedModule, SortedTensors } from './sort.ts';
import type { Strength } from './strengths.ts';

/** What was left out, in words: "text encoder (12 modules), conv_shortcut (1 module)". */
export function leftOutWords({ leftOut }: SortedTensors): string {
  return [...leftOut].map(([kind, { size }]) => `${kind} (${modules(size)})`).join(', ');
}

/** What a user should know of a file that was read. */
export function notesOf(
  sorted: SortedTensors,
  strengths: ReadonlyMap<SortedModule, Strength>,
  fileName: string,
): string[] {
  const notes: string[] = [];
  if (sorted.leftOut.size > 0) {
    notes.push(`${fileName}: left out, because they cannot be adapted here: ${leftOutWords(sorted)}.`);
  }
  const count = (test: (module: SortedModule, strength: Strength) => boolean) =>
    [...strengths].filter(([module, strength]) => test(module, strength)).length;
  const unsaid = count(({ ofPeft }, { said }) => ofPeft && !said);
  if (unsaid > 0) {
    notes.push(
      `${fileName}: peft keeps the strength in adapter_config.json, which is not in this file. Strength 1 is taken, as for alpha equal to the rank, for ${modules(unsaid)}.`,
    );
  }
  const adapters = new Set(sorted.modules.flatMap(({ adapter }) => adapter ?? []));
  if (adapters.size > 1) {
    notes.push(
      `${fileName}: several adapters are in it, each of other layers, and taken together: ${[...adapters].join(', ')}.`,
    );
  }
  const zero = count((_, { alpha }) => alpha === 0);
  if (zero > 0) notes.push(`${fileName}: alpha is 0 for ${modules(zero)}, which change nothing.`);
  return notes;
}

function modules(count: number): string {
  return `${count} ${count === 1 ? 'module' : 'modules'}`;
}
