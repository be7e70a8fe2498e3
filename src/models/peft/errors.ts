/** An adapter, or a file of one, that cannot be used; the message names the file and the tensor or field, and a remedy. */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  constructor(
    /** File, or `adapter` for one in memory. */
    readonly fileName: string,
    problem: string,
    readonly remedy: string,
  ) {
    super(`${fileName}: ${problem}. ${remedy}`);
  }
}
