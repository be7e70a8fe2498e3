/** A LoRA file that does not fit the generator or cannot be read whole; the message names file and tensor. */
export class UNetLoraFileError extends Error {
  override readonly name = 'UNetLoraFileError';
}
