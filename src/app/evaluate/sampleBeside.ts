import type { SampleSubject } from '../../library/samples.ts';
import type { Subject } from '../../library/types.ts';

/**
 * The sample to put beside a sample so that retrieval has something to tell it from: the first that is not in the library, of its
 * own kind where there is one. Null for a subject that is no sample (samples would be too easy to tell from it), and when all are there.
 */
export function sampleBeside(
  { sampleId, className }: Pick<Subject, 'sampleId' | 'className'>,
  samples: readonly Pick<SampleSubject, 'id' | 'name' | 'className'>[],
): Pick<SampleSubject, 'id' | 'name'> | null {
  if (!sampleId) return null;
  const others = samples.filter(({ id }) => id !== sampleId);
  return others.find((sample) => sample.className === className) ?? others[0] ?? null;
}
