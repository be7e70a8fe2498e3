import { stemOf } from '../../files/names.ts';

/**
 * Names, without endings, of the files that are written for pictures: a picture's own name up to its ending, or the whole name
 * where two pictures share that (`00.jpg` and `00.png`), with slashes as underscores. No two are the same.
 */
export function outputStems(names: readonly string[]): string[] {
  const flat = names.map((name) => name.replaceAll(/[\\/]/g, '_'));
  const times = (list: readonly string[], text: string) => list.filter((other) => other === text).length;
  const stems = flat.map(stemOf);
  const taken = new Set<string>();
  return flat.map((name, i) => {
    const wanted = times(stems, stems[i]!) === 1 ? stems[i]! : name;
    let free = wanted;
    for (let n = 2; taken.has(free); n++) free = `${wanted}-${n}`;
    taken.add(free);
    return free;
  });
}
