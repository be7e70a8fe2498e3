import type { Dataset, DatasetSubject } from './types.ts';

/** What a data set in the reference layout lacks, one line for all subjects that something holds for. */
export function missingNotes(subjects: readonly DatasetSubject[], negatives: Dataset['negatives']): string[] {
  const notes: string[] = [];
  const note = (holds: (subject: DatasetSubject) => boolean, what: string): void => {
    const names = subjects.filter(holds).map(({ name }) => name);
    if (names.length === 0) return;
    const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
    notes.push(`${names.slice(0, 5).join(', ')}${more}: ${what}.`);
  };
  note(({ train }) => train.length === 0, 'no training pictures: they only serve as negatives');
  note(
    ({ test, testDense }) => test.length === 0 && !testDense?.length,
    'no test pictures: they are not evaluated',
  );
  note(
    ({ train }) => train.length > 0 && train.every(({ mask }) => mask === null),
    'no training masks: no detection, no segmentation, no Cut/Paste and no patch term for them',
  );
  note(({ test, testDense }) => {
    const dense = testDense ?? test;
    return dense.length > 0 && dense.every(({ mask }) => mask === null);
  }, 'no test masks: no detection and no segmentation for them');
  if (Object.keys(negatives).length === 0)
    notes.push('There are no negatives: training takes the bundled ones.');
  return notes;
}
