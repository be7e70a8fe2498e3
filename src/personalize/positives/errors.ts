/** A photo or mask that Cut/Paste cannot use; the message names the photo and says what to do. */
export class CutPasteError extends Error {
  override name = 'CutPasteError';
}
