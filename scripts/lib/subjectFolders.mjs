/**
 * Data folders in the reference layout (`{train,test}/{subject}/NN.jpg`, `{train,test}_masks/{subject}/NN.png`,
 * optional `negatives/`), as lists of addresses under a prefix.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PICTURE = /\.(jpe?g|png|webp|avif|heic|heif)$/i;

/** Pictures in a folder, sorted by name, with masks of the same stem from another folder. */
export function pictures(root, prefix, folder, maskFolder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => PICTURE.test(name))
    .sort()
    .map((name) => {
      const stem = name.replace(/\.[^.]*$/, '');
      const mask = maskFolder && existsSync(join(root, maskFolder, `${stem}.png`));
      const address = (part) => prefix + part.split('/').map(encodeURIComponent).join('/');
      return {
        name,
        image: address(`${folder}/${name}`),
        ...(mask ? { mask: address(`${maskFolder}/${stem}.png`) } : {}),
      };
    });
}

/** Subjects under `train/`. */
export function subjectNames(root) {
  const path = join(root, 'train');
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => statSync(join(path, name)).isDirectory())
    .sort();
}

/** Train and test pictures of a subject, and test pictures of the others, evenly from each, `others` in all. */
export function subjectPictures(root, prefix, subject, others) {
  const names = subjectNames(root).filter((name) => name !== subject);
  const perSubject = names.map((name) => pictures(root, prefix, `test/${name}`));
  const rest = [];
  for (let round = 0; rest.length < others && perSubject.some((list) => list.length > round); round++) {
    perSubject.forEach((list, i) => {
      if (list[round] && rest.length < others)
        rest.push({ ...list[round], name: `${names[i]}/${list[round].name}` });
    });
  }
  return {
    train: pictures(root, prefix, `train/${subject}`, `train_masks/${subject}`),
    test: pictures(root, prefix, `test/${subject}`, `test_masks/${subject}`),
    others: rest,
    negatives: pictures(root, prefix, 'negatives'),
  };
}

/** Evenly spaced items of a list, at most `count`. */
export function spread(list, count) {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]);
}
