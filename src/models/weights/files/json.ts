import { decodeText, parseJson } from '../../../files/text.ts';
import { CheckpointFileError } from './checkpointFiles.ts';

/**
 * Parse a JSON file of a checkpoint, with or without a byte order mark.
 * @throws CheckpointFileError
 */
export function parseJsonFile(content: Uint8Array, fileName: string): unknown {
  try {
    return parseJson(content);
  } catch (error) {
    const isPage = /^\s*</.test(decodeText(content));
    const what = isPage ? 'is a web page, not JSON' : `is not JSON (${(error as Error).message})`;
    throw new CheckpointFileError(fileName, what, 'Get the file again, or choose another checkpoint.');
  }
}
