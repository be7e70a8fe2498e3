import { type Activation, VitConfigError } from './config.ts';

/** The names that transformers gives activations. */
const ACTIVATIONS: Record<string, Activation> = {
  gelu: 'gelu',
  quick_gelu: 'quickGelu',
  gelu_pytorch_tanh: 'tanhGelu',
  silu: 'silu',
  swish: 'silu',
};

/** Reads checked fields of a config.json; every failure names the field. */
export class ConfigFields {
  readonly #fields: Record<string, unknown>;

  /** @throws VitConfigError when it is no JSON object */
  constructor(json: unknown, what = 'the file') {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new VitConfigError(what, 'is not a JSON object');
    this.#fields = json as Record<string, unknown>;
  }

  /** As it is; undefined where it is left out or null. */
  raw(field: string): unknown {
    return this.#fields[field] ?? undefined;
  }

  /** A number above 0. */
  number(field: string, fallback: number): number {
    const value = this.raw(field) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw new VitConfigError(field, `is ${JSON.stringify(value)}; a number above 0 was expected`);
  }

  /** A whole number of at least `least`. */
  whole(field: string, fallback: number, least = 1): number {
    const value = this.raw(field) ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
    throw new VitConfigError(
      field,
      `is ${JSON.stringify(value)}; a whole number of at least ${least} was expected`,
    );
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.raw(field) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw new VitConfigError(field, `is ${JSON.stringify(value)}; true or false was expected`);
  }

  activation(field: string, fallback: string): Activation {
    const value = this.raw(field) ?? fallback;
    const known =
      typeof value === 'string' && Object.hasOwn(ACTIVATIONS, value) ? ACTIVATIONS[value] : undefined;
    if (known) return known;
    const names = Object.keys(ACTIVATIONS).join(', ');
    throw new VitConfigError(field, `is ${JSON.stringify(value)}; one of ${names} was expected`);
  }

  /** The fields of an object inside; none where it is left out. */
  inside(field: string): ConfigFields {
    return new ConfigFields(this.raw(field) ?? {}, field);
  }
}
