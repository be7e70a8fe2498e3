import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Most examples in a report, which holds their pictures. */
const MOST_EXAMPLES = 80;

/** Examples of the first seed of every subject and recipe, with their pictures; of many those that changed most. */
export function examplePictures(out, finished) {
  const first = new Map();
  for (const cell of finished) {
    const name = `${cell.subject} ${cell.recipe}`;
    if (cell.examples.length && (first.get(name)?.seed ?? Number.POSITIVE_INFINITY) > cell.seed)
      first.set(name, cell);
  }
  const all = [...first.values()].flatMap(({ subject, recipe, examples }) =>
    examples.map((example) => ({ subject, recipe, ...example })),
  );
  const change = ({ pretrained: before, personalized: after }) => Math.abs(after - before);
  const shown = new Set([...all].sort((a, b) => change(b) - change(a)).slice(0, MOST_EXAMPLES));
  return all
    .filter((example) => shown.has(example))
    .map(({ file: picture, ...about }) => ({
      ...about,
      source: `data:image/jpeg;base64,${readFileSync(join(out, picture)).toString('base64')}`,
    }));
}
