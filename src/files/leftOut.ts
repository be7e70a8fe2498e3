/** A file that is not taken, and why: what follows in "a.txt is left out: …", also after several names. */
export interface LeftOut {
  path: string;
  reason: string;
}

/** Names that are spelled out for one reason. */
const NAMED = 3;

/**
 * What is left out, as sentences: one for each reason, with the first names and the number of the others.
 * Page and commands say the same.
 */
export function tellLeftOut(leftOut: readonly LeftOut[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of leftOut) {
    const paths = byReason.get(reason);
    if (paths) paths.push(path);
    else byReason.set(reason, [path]);
  }
  return [...byReason].map(([reason, paths]) => {
    const shown = paths.slice(0, NAMED).join(', ');
    const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
    return `${shown}${more} ${paths.length === 1 ? 'is' : 'are'} left out: ${reason}.`;
  });
}
