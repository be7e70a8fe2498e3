import { requireTraining } from '../../files/dataset/readDataset.ts';
import type { Dataset } from '../../files/dataset/types.ts';
import { tellLeftOut } from '../../files/leftOut.ts';
import { negativeItems, type OpenedFolder, subjectItems } from '../../library/import/folder.ts';
import { addPhotos, type PhotoItem } from '../../library/import/into-library.ts';
import type { Subject } from '../../library/types.ts';
import { theLibrary } from './library.ts';

/** Negatives that a subject takes along; more would only take room. */
const MOST_NEGATIVES = 36;

/** A data set in the files of a folder, before anything is stored. */
export interface DatasetPlan {
  dataset: Dataset;
  subjects: { name: string; className: string; items: PhotoItem[] }[];
  /** Photos in all. */
  photos: number;
  /** What its user should know before: what is missing, and what is left out and why. */
  notes: string[];
}

/**
 * What a folder gives as a data set: every subject that has training photos, with its test photos and their shifts, its masks,
 * and negatives of its kind.
 * @throws DatasetError when it holds no training photo
 */
export function planOf(folder: OpenedFolder): DatasetPlan {
  const { dataset } = folder;
  requireTraining(dataset);
  let most = 0;
  const subjects = dataset.subjects
    .filter(({ train }) => train.length > 0)
    .map((subject) => {
      const negatives = negativeItems(folder, subject);
      most = Math.max(most, negatives.length);
      return {
        name: subject.name,
        className: subject.className,
        items: [...subjectItems(folder, subject), ...negatives.slice(0, MOST_NEGATIVES)],
      };
    });
  const notes = [...dataset.notes, ...tellLeftOut(dataset.leftOut)];
  if (most > MOST_NEGATIVES)
    notes.push(`Each subject takes ${MOST_NEGATIVES} negatives along; there are ${most}.`);
  return { dataset, subjects, photos: subjects.reduce((sum, { items }) => sum + items.length, 0), notes };
}

/** What came of an import. */
export interface ImportedDataset {
  subjects: Subject[];
  /** Photos that were not taken and masks that were left out, and why. */
  refused: string[];
  masks: string[];
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
  const masks: string[] = [];
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
      for (const result of results) {
        if (!result.ok) refused.push(`${name}: ${result.reason}`);
        else if (result.maskProblem) masks.push(`${name}, ${result.fileName}: ${result.maskProblem}`);
      }
    } catch (error) {
      await library.subjects.delete(subject.id);
      throw error;
    }
    before += items.length;
    stored.push(subject);
  }
  return { subjects: stored, refused, masks };
}
