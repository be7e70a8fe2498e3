import { describe, expect, it } from 'vitest';
import { sampleBeside } from './sampleBeside.ts';

const samples = [
  { id: 'rex', name: 'Rex', className: 'dog' },
  { id: 'alp', name: 'Alp', className: 'mug' },
  { id: 'sea', name: 'Sea', className: 'mug' },
];

describe('sampleBeside', () => {
  it('takes one of the same kind, else the first other', () => {
    expect(sampleBeside({ sampleId: 'alp', className: 'mug' }, samples)?.id).toBe('sea');
    expect(sampleBeside({ sampleId: 'rex', className: 'dog' }, samples)?.id).toBe('alp');
  });

  it('has none beside the only sample, and none for the user’s own subject', () => {
    expect(sampleBeside({ sampleId: 'rex', className: 'dog' }, samples.slice(0, 1))).toBeNull();
    expect(sampleBeside({ className: 'dog' }, samples)).toBeNull();
  });
});
