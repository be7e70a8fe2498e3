import { isAnnotationFile } from '../../files/dataset/annotations.ts';
import { negativesFor, readFolder } from '../../files/dataset/readDataset.ts';
import type { Dataset, DatasetPicture, DatasetSubject } from '../../files/dataset/types.ts';
import { parseJson } from '../../files/text.ts';
import type { PhotoRole } from '../types.ts';
import type { PhotoItem } from './into-library.ts';

/** What a folder holds, and the files themselves. */
export interface OpenedFolder {
  dataset: Dataset;
  /** By their paths in the data set. */
  files: ReadonlyMap<string, File>;
}

/** Path of a file inside the folder that was picked or dropped; its name when it came alone. */
export function filePath(file: File): string {
  const dropped = file as File & { relativePath?: string; path?: string };
  const path = file.webkitRelativePath || dropped.relativePath || dropped.path || file.name;
  return path.replace(/^\.?\//, '');
}

/** Read a folder that was picked or dropped. A folder that holds all files gives its name; its own files are what is in it. */
export async function openFolder(list: readonly File[]): Promise<OpenedFolder> {
  const paths = list.map(filePath);
  const name = commonFolder(paths);
  const files = new Map(
    list.map((file, i) => [paths[i]!.slice(name === undefined ? 0 : name.length + 1), file]),
  );
  const texts = new Map<string, Uint8Array>();
  for (const [path, file] of files)
    if (isAnnotationFile(path)) texts.set(path, new Uint8Array(await file.arrayBuffer()));
  const dataset = readFolder([...files.keys()], (path) => parseJson(texts.get(path)!), name);
  return { dataset, files };
}

/** The outermost folder, if all files lie in it. */
function commonFolder(paths: readonly string[]): string | undefined {
  const [first] = paths;
  const end = first?.indexOf('/') ?? -1;
  if (end < 0) return undefined;
  const prefix = first!.slice(0, end + 1);
  return paths.every((path) => path.startsWith(prefix)) ? first!.slice(0, end) : undefined;
}

/** A subject's own photos, with masks and shifts. Pictures of the image tasks and of the dense ones come in once. */
export function subjectItems({ dataset, files }: OpenedFolder, subject: DatasetSubject): PhotoItem[] {
  const item = (role: PhotoRole, { path, mask, shift }: DatasetPicture): PhotoItem => {
    const maskFile = mask === null ? undefined : files.get(mask);
    return {
      ...{ file: files.get(path)!, role },
      ...(maskFile ? { mask: maskFile } : {}),
      ...(shift ? { shift } : {}),
      // In a data set, what lies in test/{subject}/ shows the subject; in a folder of photos nobody says so.
      ...(role === 'test' && dataset.isReference ? { isSubject: true } : {}),
    };
  };
  const tests = [...subject.test, ...(subject.testDense ?? [])].map(
    (picture) => [picture.path, picture] as const,
  );
  return [
    ...subject.train.map((picture) => item('train', picture)),
    ...[...new Map(tests).values()].map((picture) => item('test', picture)),
  ];
}

/** Negatives of a subject's kind. */
export function negativeItems({ dataset, files }: OpenedFolder, subject: DatasetSubject): PhotoItem[] {
  return negativesFor(dataset, subject).map((path) => ({ file: files.get(path)!, role: 'negative' }));
}

/** Negatives and backgrounds of all. */
export function sharedItems({ dataset, files }: OpenedFolder): PhotoItem[] {
  const items = (paths: readonly string[], role: PhotoRole): PhotoItem[] =>
    paths.map((path) => ({ file: files.get(path)!, role }));
  return [
    ...items(Object.values(dataset.negatives).flat(), 'negative'),
    ...items(dataset.backgrounds, 'background'),
  ];
}
