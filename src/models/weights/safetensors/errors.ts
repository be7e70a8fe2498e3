/** Where in a file something is wrong. */
export interface SafetensorsPlace {
  tensor?: string | undefined;
  /** Offset from the start of the file. */
  byteOffset?: number;
}

/** A safetensors file that is damaged, cut short or of another kind; the message names the file, tensor and byte. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly tensor: string | undefined;
  readonly byteOffset: number | undefined;

  constructor(
    readonly fileName: string,
    problem: string,
    { tensor, byteOffset }: SafetensorsPlace = {},
    remedy = 'Get the file again, or choose another one.',
  ) {
    const place = [
      tensor === undefined ? '' : `, tensor "${tensor}"`,
      byteOffset === undefined ? '' : `, byte ${byteOffset}`,
    ].join('');
    super(`${fileName}${place}: ${problem}. ${remedy}`);
    this.tensor = tensor;
    this.byteOffset = byteOffset;
  }
}
