import { AdapterError } from './errors.ts';
import { modulePath } from './modules.ts';
import type { LoraAdapter } from './types.ts';

/**
 * Check that an adapter is whole: settings in range, every target of every layer there, sizes right, all numbers finite.
 * @param fileName where it came from, for the message
 * @throws AdapterError naming the module
 */
export function checkAdapter(adapter: LoraAdapter, fileName = 'adapter'): void {
  const { rank, alpha, layers, targets, tensors } = adapter;
  const remedy = 'Train it again, or choose another adapter.';
  const refuse = (problem: string): never => {
    throw new AdapterError(fileName, problem, remedy);
  };
  if (!Number.isInteger(rank) || rank < 1)
    refuse(`rank is ${rank}; a whole number of at least 1 was expected`);
  if (!Number.isFinite(alpha)) refuse(`alpha is ${alpha}`);
  if (layers.length === 0 || targets.length === 0) refuse('it adapts no layer');
  for (const layer of layers) {
    for (const target of targets) {
      const path = modulePath(layer, target);
      const pair = tensors[path];
      if (!pair) return refuse(`${path} is missing, though other layers or modules like it are there`);
      const { A, B, inFeatures, outFeatures } = pair;
      checkSize(`${path} A`, A, rank, inFeatures, refuse);
      checkSize(`${path} B`, B, outFeatures, rank, refuse);
    }
  }
  const count = Object.keys(tensors).length;
  if (count !== layers.length * targets.length) {
    refuse(`it has ${count} modules where ${layers.length} layers × ${targets.length} targets were expected`);
  }
}

function checkSize(
  name: string,
  values: Float32Array,
  rows: number,
  columns: number,
  refuse: (problem: string) => never,
): void {
  if (values.length !== rows * columns) {
    refuse(`${name} has ${values.length} numbers; [${rows}, ${columns}] was expected`);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) refuse(`${name} holds ${values[bad]} at index ${bad}`);
}
