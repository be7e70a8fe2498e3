/** Reads the fields of a JSON object that came from outside; each failure names the place. */
export class Fields {
  readonly #object: Record<string, unknown>;
  readonly #where: string;
  readonly #fail: (problem: string) => Error;

  /**
   * @param where how to call the object in messages: "photos[3]"
   * @param fail makes the error that is thrown
   */
  constructor(value: unknown, where: string, fail: (problem: string) => Error) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw fail(`${where} is not an object`);
    }
    this.#object = value as Record<string, unknown>;
    this.#where = where;
    this.#fail = fail;
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined && this.#object[name] !== null;
  }

  /** A text of at most `limit` letters. */
  string(name: string, limit = 1000): string {
    const value = this.#object[name];
    if (typeof value !== 'string' || value.length > limit) throw this.#wrong(name, 'a text');
    return value;
  }

  optionalString(name: string): string | undefined {
    return this.has(name) ? this.string(name) : undefined;
  }

  /** A text that matches a pattern. */
  pattern(name: string, pattern: RegExp): string {
    const value = this.string(name);
    if (!pattern.test(value)) throw this.#wrong(name, `like ${pattern.source}`);
    return value;
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.string(name);
    if (!choices.includes(value as T)) throw this.#wrong(name, `one of ${choices.join(', ')}`);
    return value as T;
  }

  /** A finite number of at least 0. */
  number(name: string): number {
    const value = this.#object[name];
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw this.#wrong(name, 'a number');
    return value;
  }

  /** A finite number of either sign. */
  signed(name: string): number {
    const value = this.#object[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(name, 'a number');
    return value;
  }

  /** A whole number of at least `least`. */
  integer(name: string, least = 0): number {
    const value = this.number(name);
    if (!Number.isSafeInteger(value) || value < least)
      throw this.#wrong(name, `a whole number from ${least} on`);
    return value;
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.#object[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  object(name: string): Fields {
    return new Fields(this.#object[name], `${this.#where}.${name}`, this.#fail);
  }

  list(name: string): Fields[] {
    const value = this.#object[name];
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list');
    return value.map((item, i) => new Fields(item, `${this.#where}.${name}[${i}]`, this.#fail));
  }

  strings(name: string): string[] {
    const value = this.#object[name];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
      throw this.#wrong(name, 'a list of texts');
    return value;
  }

  /** Any JSON, as it is. */
  json(name: string): unknown {
    return this.#object[name];
  }

  #wrong(name: string, expected: string): Error {
    return this.#fail(
      `${this.#where}.${name} should be ${expected}, is ${JSON.stringify(this.#object[name])?.slice(0, 60)}`,
    );
  }
}
