import { negativesFor, readDataset } from '../../files/dataset/readDataset.ts';
import type { Dataset, DatasetPicture, DatasetSubject } from '../../files/dataset/types.ts';
import { parseJson } from '../../files/text.ts';
import { filePath } from '../../library/import/folder.ts';
import { addPhotos, type PhotoItem } from '../../library/import/into-library.ts';
import type { PhotoRole, Subject } from '../../library/types.ts';
import { theLibrary } from './library.ts';

/** Negatives that a subject takes along; more would only take room. */
const MOST_NEGATIVES = 36;

/** A data set in the files of a folder, before anything is stored. */
export interface DatasetPlan {
  dataset: Dataset;
  subjects: { name: string; className: string; items: PhotoItem[] }[];
  /** Photos in all. */
  photos: number;
}

/**
 * Read a folder as a data set (reference layout, PODS, Toybox): every subject that has training photos, with its test photos
 * and their shifts, its masks, and negatives of its kind.
 * @throws DatasetError when it is none
 */
export async function planDataset(files: readonly File[], name: string): Promise<DatasetPlan> {
  const byPath = new Map(files.map((file) => [filePath(file), file]));
  const texts = new Map<string, string>();
  for (const [path, file] of byPath)
    if (path.endsWith('.json') && path.split('/').length <= 2) texts.set(path, await file.text());
  const dataset = readDataset([...byPath.keys()], (path) => parseJson(texts.get(path)!), name);
  const item = (role: PhotoRole, { path, mask, shift }: DatasetPicture): PhotoItem => {
    const maskFile = mask ? byPath.get(mask) : undefined;
    return {
      ...{ file: byPath.get(path)!, role },
      ...(maskFile ? { mask: maskFile } : {}),
      ...(shift ? { shift } : {}),
      ...(role === 'test' ? { isSubject: true } : {}),
    };
  };
  const subjects = dataset.subjects
    .filter(({ train }) => train.length > 0)
    .map((subject) => ({
      name: subject.name,
      className: subject.className,
      items: [
        ...subject.train.map((picture) => item('train', picture)),
        ...testPictures(subject).map((picture) => item('test', picture)),
        ...negativesFor(dataset, subject)
          .slice(0, MOST_NEGATIVES)
          .map((path) => item('negative', { path, mask: null, shift: null })),
      ],
    }));
  return { dataset, subjects, photos: subjects.reduce((sum, { items }) => sum + items.length, 0) };
}

/** Pictures of the image tasks and of the dense ones, each once; the latter have masks. */
function testPictures({ test, testDense }: DatasetSubject): DatasetPicture[] {
  const byPath = new Map([...test, ...(testDense ?? [])].map((picture) => [picture.path, picture]));
  return [...byPath.values()];
}

/** What came of an import. */
export interface ImportedDataset {
  subjects: Subject[];
  /** Files that were not taken, and why. */
  refused: string[];
}

/**
 * Store the subjects of a data set one after the other. A broken file is named and left out; when the signal stops it, the
 * subjects that are whole stay and the one under way is deleted.
 */
export async function importDataset(
  { subjects }: DatasetPlan,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<ImportedDataset> {
  const library = theLibrary();
  const stored: Subject[] = [];
  const refused: string[] = [];
  let before = 0;
  for (const { name, className, items } of subjects) {
    signal.throwIfAborted();
    const subject = await library.subjects.create({ name, className });
    try {
      let done = 0;
      const results = await addPhotos(library, subject.id, items, {
        signal,
        onResult: () => onProgress(before + ++done),
      });
      for (const result of results) if (!result.ok) refused.push(`${name}: ${result.reason}`);
    } catch (error) {
      await library.subjects.delete(subject.id);
      throw error;
    }
    before += items.length;
    stored.push(subject);
  }
  return { subjects: stored, refused };
}
