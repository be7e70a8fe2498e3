import { ImageFileError } from '../../images/decode/errors.ts';
import type { Mask } from '../../images/types.ts';
import type { NewPhoto } from '../types.ts';
import { findDuplicate, type KnownPhoto } from './duplicates.ts';
import { preparePhoto } from './prepare.ts';

export interface ImportedPhoto {
  ok: true;
  fileName: string;
  photo: Omit<NewPhoto, 'role'>;
  /** From the file's own transparency. */
  mask?: Mask;
  /** What was done to the picture and what it resembles, for the user to read. */
  notes: string[];
  /** Name of a photo that is nearly the same. */
  nearDuplicateOf?: string;
}

export interface RefusedPhoto {
  ok: false;
  fileName: string;
  kind: 'refused' | 'duplicate' | 'cancelled';
  /** One sentence that names the file. */
  reason: string;
  /** What the user can do about it. */
  remedy: string;
}

export type ImportResult = ImportedPhoto | RefusedPhoto;

export interface ImportProgress {
  done: number;
  total: number;
  fileName: string;
}

export interface ImportOptions {
  /** Photos that are there already, to notice duplicates. */
  existing?: readonly KnownPhoto[];
  onProgress?: (progress: ImportProgress) => void;
  /** Called with each result as it comes and awaited, so that photos can be stored one at a time. */
  onResult?: (result: ImportResult) => void | Promise<void>;
  signal?: AbortSignal;
}

/**
 * Read photo files one after the other. A file that cannot be taken is reported with a reason and a remedy
 * and does not stop the others; after an abort the remaining files are reported as cancelled. Exact duplicates
 * are skipped, near ones taken with a note.
 *
 * @returns one result a file, in order
 */
export async function importPhotos(
  files: readonly File[],
  { existing = [], onProgress, onResult, signal }: ImportOptions = {},
): Promise<ImportResult[]> {
  const known: KnownPhoto[] = [...existing];
  const results: ImportResult[] = [];
  for (const [index, file] of files.entries()) {
    onProgress?.({ done: index, total: files.length, fileName: file.name });
    const result = signal?.aborted ? cancelled(file.name) : await importPhoto(file, known);
    if (result.ok) known.push({ ...result.photo, role: 'train' });
    results.push(result);
    await onResult?.(result);
  }
  onProgress?.({ done: files.length, total: files.length, fileName: '' });
  return results;
}

async function importPhoto(file: File, known: readonly KnownPhoto[]): Promise<ImportResult> {
  const fileName = file.name;
  try {
    const { photo, mask, notes } = await preparePhoto(file, fileName);
    const duplicate = findDuplicate(photo, known);
    if (duplicate?.kind === 'exact') {
      return {
        ok: false,
        fileName,
        kind: 'duplicate',
        reason: `${fileName} is the same picture as ${duplicate.of.name}.`,
        remedy: 'Nothing to do: it was left out.',
      };
    }
    if (duplicate) notes.push(`nearly the same picture as ${duplicate.of.name}`);
    return { ok: true, fileName, photo, mask, notes, nearDuplicateOf: duplicate?.of.name };
  } catch (error) {
    if (error instanceof ImageFileError) {
      return { ok: false, fileName, kind: 'refused', reason: error.message, remedy: error.remedy };
    }
    const detail = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      fileName,
      kind: 'refused',
      reason: `${fileName} could not be added: ${detail}.`,
      remedy: 'Try again with fewer files at a time, or export it as a JPEG and add that.',
    };
  }
}

function cancelled(fileName: string): RefusedPhoto {
  return {
    ok: false,
    fileName,
    kind: 'cancelled',
    reason: `${fileName} was not read.`,
    remedy: 'Add it again.',
  };
}
