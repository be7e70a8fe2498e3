import { CheckpointFileError } from './checkpointFiles.ts';

/**
 * Parse a JSON file of a checkpoint.
 * @throws CheckpointFileError
 */
export function parseJsonFile(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = /^\s*</.test(text) ? 'is a web page, not JSON' : `is not JSON (${(error as Error).message})`;
    throw new CheckpointFileError(fileName, what, 'Get the file again, or choose another checkpoint.');
  }
}
