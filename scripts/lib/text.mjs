import { readFileSync } from 'node:fs';

/** The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one, as `src/files/text.ts` reads it. */
export function readText(path) {
  const bytes = readFileSync(path);
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** @throws SyntaxError */
export function readJson(path) {
  return JSON.parse(readText(path));
}
