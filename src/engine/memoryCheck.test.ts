import { expect, it } from 'vitest';
import { OutOfMemoryError } from '../backend/errors.ts';
import { refuseTooLarge } from './memoryCheck.ts';

const traits = { maxBytes: 4e9, onCpu: true };

it('refuses what is larger than the backend, with both numbers and the remedy', () => {
  const ask = (bytes: number, totalBytes?: number) => () =>
    refuseTooLarge({ ...traits, ...(totalBytes ? { totalBytes } : {}) }, bytes, 'Teaching', 'Teach less.');
  expect(ask(4.1e9, 4e9)).toThrow(OutOfMemoryError);
  expect(ask(4.1e9, 4e9)).toThrow(
    'Teaching would take about 4.1 GB of memory, and the processor may use 4.0 GB in this browser. Teach less.',
  );
  expect(ask(4e9, 4e9)).not.toThrow();
  expect(ask(1e12)).not.toThrow();
});
