/** Steps that can be undone. */
const LIMIT = 30;

/** States with a way back and forth; immutable. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
}

/** A history with nothing to undo. */
export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** Go on to a new state; what was undone is gone. */
export function pushHistory<T>({ past, present }: History<T>, next: T): History<T> {
  return { past: [...past, present].slice(-LIMIT), present: next, future: [] };
}

/** One step back; the same history when there is none. */
export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (last === undefined) return history;
  return { past: history.past.slice(0, -1), present: last, future: [history.present, ...history.future] };
}

/** One step forth again. */
export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future };
}
