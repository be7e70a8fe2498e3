import { notifications } from '@mantine/notifications';
import { createElement } from 'react';
import { addSampleSubject } from '../../library/add-sample.ts';
import type { Subject } from '../../library/types.ts';
import { exportSubject } from '../../library/zip/export.ts';
import { importSubject } from '../../library/zip/import.ts';
import { exportFileName } from '../../library/zip/names.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { saveBlob } from '../saveBlob.ts';
import { libraryStore, openSubject, refresh, theLibrary } from '../store/library.ts';
import { bundledSamples } from '../store/negatives.ts';
import { UndoButton } from '../UndoButton.tsx';

/** Days that a subject stays in the trash. */
const TRASH_DAYS = 30;

/** Run an action; tell of its failure. */
async function told<T>(what: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    notifyError(what, error);
    return undefined;
  }
}

/** Create a subject and open it. */
export function createSubject(name: string, className: string): Promise<void> {
  return told('The subject could not be created', async () => {
    const subject = await theLibrary().subjects.create({ name, className });
    await openSubject(subject.id);
  }) as Promise<void>;
}

/** Put a bundled sample into the library and open it. */
export function addSample(id: string): Promise<void> {
  return told('The sample could not be loaded', async () => {
    const subject = await addSampleSubject(theLibrary(), await bundledSamples(), id);
    await openSubject(subject.id);
  }) as Promise<void>;
}

/** Put a bundled sample into the library and leave open what is open. Undefined when it failed, which is told. */
export function addSampleBeside(id: string): Promise<Subject | undefined> {
  return told('The sample could not be loaded', async () => {
    const subject = await addSampleSubject(theLibrary(), await bundledSamples(), id);
    await refresh();
    return subject;
  });
}

/** Download a subject with everything of it as one zip. */
export function downloadSubject(subject: Subject): Promise<void> {
  return told('The export failed', async () => {
    saveBlob(await exportSubject(theLibrary(), subject.id), exportFileName(subject));
  }) as Promise<void>;
}

/** Take in a zip that was exported before, and open its subject. */
export function importZip(file: File): Promise<void> {
  return told(`${file.name} could not be imported`, async () => {
    const subject = await importSubject(theLibrary(), file, { fileName: file.name });
    await openSubject(subject.id);
    notifyDone(`${subject.name} is imported.`);
  }) as Promise<void>;
}

/** Change name and class word. */
export function renameSubject(subject: Subject, name: string, className: string): Promise<void> {
  return told('The subject could not be renamed', async () => {
    await theLibrary().subjects.update(subject.id, { name, className });
    await refresh();
  }) as Promise<void>;
}

/** Move a subject to the trash, with a way back. */
export function trashSubject(subject: Subject): Promise<void> {
  return told('The subject could not be deleted', async () => {
    await theLibrary().subjects.trash(subject.id, TRASH_DAYS * 24 * 3600 * 1000);
    await openNext();
    const id = `trash-${subject.id}`;
    const undo = async () => {
      notifications.hide(id);
      await restoreSubject(subject);
    };
    notifications.show({
      id,
      title: `${subject.name} is in the trash`,
      message: createElement(UndoButton, { onUndo: undo }),
      autoClose: 10_000,
    });
  }) as Promise<void>;
}

/** Take a subject out of the trash and open it. */
export function restoreSubject(subject: Subject): Promise<void> {
  return told('The subject could not be restored', async () => {
    await theLibrary().subjects.restore(subject.id);
    await openSubject(subject.id);
  }) as Promise<void>;
}

/** Delete every byte of a subject. */
export async function deleteSubject(subject: Subject): Promise<void> {
  await theLibrary().subjects.delete(subject.id);
  await refresh();
  notifyDone(`${subject.name} is deleted for ever.`);
}

async function openNext(): Promise<void> {
  await refresh();
  const { subjects, current } = libraryStore.getState();
  if (!current) await openSubject(subjects[0]?.id ?? null);
}
