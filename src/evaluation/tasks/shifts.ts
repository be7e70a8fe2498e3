/** The shifts of PODS and Toybox in the order of the paper's tables (method §4.2). */
const KNOWN: readonly string[] = ['id', 'pose', 'distractors', 'both'];

/**
 * Names of shifts, each once, in the order in which they are told: `id`, `pose`, `distractors`, `both`, then all others as the
 * data set has them.
 */
export function orderShifts(names: Iterable<string>): string[] {
  const given = [...new Set(names)];
  return [...KNOWN.filter((name) => given.includes(name)), ...given.filter((name) => !KNOWN.includes(name))];
}
