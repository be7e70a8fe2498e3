import type { Traits } from '../backend/backend.ts';
import { OutOfMemoryError } from '../backend/errors.ts';

/**
 * Refuse what cannot fit, before it starts. Where the backend knows no limit nothing is refused.
 * @param bytes estimate of the most that is held at once, with what is loaded beside
 * @param what the beginning of the message, such as `Teaching`
 * @param smaller what would need less, as a sentence
 * @throws OutOfMemoryError with the numbers
 */
export function refuseTooLarge({ totalBytes }: Traits, bytes: number, what: string, smaller: string): void {
  if (totalBytes === undefined || bytes <= totalBytes) return;
  throw new OutOfMemoryError(
    `${what} would take about ${gigabytes(bytes)} of memory, and the processor may use ${gigabytes(totalBytes)} in this browser. ${smaller}`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
