import { bytes, type Encoded, float, integer, join, message, nested, text } from './protobuf.ts';

/** Field numbers and codes are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */
const FLOAT = 1;
const INT64 = 7;
const IR_VERSION = 9;
/** The opset that has Gelu. */
const OPSET = 20;

/** Value of an attribute: whole numbers are integers, `{ float }` is floating-point. */
type Attribute = number | readonly number[] | { float: number };

/**
 * Builds an ONNX model of one f32 input and one f32 output. Nodes are added in order; each has one output, whose name is
 * handed back to be an input of others.
 */
export class OnnxGraph {
  readonly #nodes: Encoded[] = [];
  readonly #initializers: Encoded[] = [];
  #count = 0;

  /** A constant f32 tensor. */
  constant(shape: readonly number[], values: Float32Array): string {
    return this.#initializer(
      FLOAT,
      shape,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
  }

  /** A constant list of 64-bit integers, such as a shape. */
  integers(values: readonly number[]): string {
    return this.#initializer(
      INT64,
      [values.length],
      new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
    );
  }

  /**
   * Add a node.
   * @param domain operator set; ONNX's own when left out
   * @returns name of its output
   */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute> = {},
    domain = '',
  ): string {
    const output = this.#name(op);
    this.#nodes.push(
      message([
        ...inputs.map((input) => text(1, input)),
        text(2, output),
        text(3, output),
        text(4, op),
        ...Object.entries(attributes).map(([name, value]) => nested(5, attribute(name, value))),
        text(7, domain),
      ]),
    );
    return output;
  }

  /** The whole model as a file. */
  finish(
    input: { name: string; shape: readonly number[] },
    output: { name: string; shape: readonly number[] },
  ): Uint8Array<ArrayBuffer> {
    const graph = message([
      ...this.#nodes.map((node) => nested(1, node)),
      text(2, 'encoder'),
      ...this.#initializers.map((initializer) => nested(5, initializer)),
      nested(11, valueInfo(input.name, input.shape)),
      nested(12, valueInfo(output.name, output.shape)),
    ]);
    const opset = (domain: string, version: number) =>
      nested(8, message([text(1, domain), integer(2, version)]));
    return join(
      message([
        integer(1, IR_VERSION),
        text(2, 'familiar'),
        nested(7, graph),
        opset('', OPSET),
        opset(MICROSOFT, 1),
      ]),
    );
  }

  #initializer(type: number, shape: readonly number[], data: Uint8Array): string {
    const name = this.#name('constant');
    this.#initializers.push(
      message([...shape.map((side) => integer(1, side)), integer(2, type), text(8, name), bytes(9, data)]),
    );
    return name;
  }

  #name(kind: string): string {
    return `${kind}_${this.#count++}`;
  }
}

/** onnxruntime's own operators. */
export const MICROSOFT = 'com.microsoft';

function attribute(name: string, value: Attribute): Encoded {
  const [FLOAT_KIND, INT_KIND, INTS_KIND] = [1, 2, 7];
  if (typeof value === 'number') return message([text(1, name), integer(3, value), integer(20, INT_KIND)]);
  if ('float' in value) return message([text(1, name), float(2, value.float), integer(20, FLOAT_KIND)]);
  return message([text(1, name), ...value.map((item) => integer(8, item)), integer(20, INTS_KIND)]);
}

function valueInfo(name: string, shape: readonly number[]): Encoded {
  const dimensions = message(shape.map((side) => nested(1, integer(1, side))));
  const tensor = message([integer(1, FLOAT), nested(2, dimensions)]);
  return message([text(1, name), nested(2, nested(1, tensor))]);
}
