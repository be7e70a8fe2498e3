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
  if (!Number.isInteger(rank) || rank < 1) {
    throw unusable(fileName, `rank is ${rank}; a whole number of at least 1 was expected`);
  }
  if (!Number.isFinite(alpha)) throw unusable(fileName, `alpha is ${alpha}`);
  if (layers.length === 0 || targets.length === 0) throw unusable(fileName, 'it adapts no layer');
  for (const layer of layers) {
    for (const target of targets) {
      const path = modulePath(layer, target);
      const pair = tensors[path];
      if (!pair) throw unusable(fileName, `${path} is missing, though other modules like it are there`);
      const { A, B, inFeatures, outFeatures } = pair;
      checkNumbers(A, [rank, inFeatures], `${path} A`, fileName);
      checkNumbers(B, [outFeatures, rank], `${path} B`, fileName);
    }
  }
  const count = Object.keys(tensors).length;
  if (count !== layers.length * targets.length) {
    const expected = `${layers.length} layers × ${targets.length} targets`;
    throw unusable(fileName, `it has ${count} modules where ${expected} were expected`);
  }
}

function checkNumbers(
  values: Float32Array,
  [rows, columns]: [number, number],
  name: string,
  fileName: string,
): void {
  if (values.length !== rows * columns) {
    throw unusable(fileName, `${name} has ${values.length} numbers; [${rows}, ${columns}] was expected`);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw unusable(fileName, `${name} holds ${values[bad]} at index ${bad}`);
}

function unusable(fileName: string, problem: string): AdapterError {
  return new AdapterError(fileName, problem, 'Train it again, or choose another adapter.');
}
