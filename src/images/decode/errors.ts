/**
 * A picture file that cannot be taken. `message` is one sentence that names the file and what is wrong with it,
 * `remedy` is one sentence that says what the user can do.
 */
export class ImageFileError extends Error {
  override readonly name: string = 'ImageFileError';
  readonly fileName: string;
  readonly remedy: string;

  constructor(fileName: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(`${fileName} ${problem}.`, options);
    this.fileName = fileName;
    this.remedy = remedy;
  }
}
