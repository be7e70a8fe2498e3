/** The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one, as PowerShell's `>` writes it. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  // A mark of UTF-8 is left out by the decoder itself.
  return new TextDecoder().decode(bytes);
}

/**
 * What a JSON file holds, whatever byte order mark it begins with.
 * @throws SyntaxError
 */
export function parseJson(content: string | Uint8Array): unknown {
  const text = typeof content === 'string' ? content : decodeText(content);
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}
