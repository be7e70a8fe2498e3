/** A zip that cannot be imported. `message` names the file and what is wrong, `remedy` says what to do. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
  readonly remedy: string;

  constructor(fileName: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(`${fileName} ${problem}.`, options);
    this.remedy = remedy;
  }
}

export const EXPORT_AGAIN = 'Export the subject again where it came from, or copy the file anew.';
