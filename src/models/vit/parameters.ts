import type { ParameterSpec, Spelling } from '../weights/parameters.ts';
import type { VitConfig } from './config.ts';
import { familyOf } from './families/index.ts';
import type { Spellings, VitNames } from './family.ts';

/**
 * Every parameter of a vision transformer: its role, its shape as the model takes it, and the tensors of a checkpoint that it is
 * made of. Query, key and value are one matrix [3C, C], as are the gate and up halves of a gated MLP [2H, C]; a bias that one of
 * them lacks is zeros.
 */
export function parametersOf(config: VitConfig): ParameterSpec[] {
  const { names } = familyOf(config);
  const { width, layers, patch, channels, prefix, position } = config;
  const specs: ParameterSpec[] = [];
  const put = (role: string, shape: number[], from: Spelling[]) => specs.push({ role, shape, from });
  const whole = (spellings: Spellings) =>
    spelled(
      names,
      spellings.map((name) => [name]),
    );
  const norm = (role: string, spellings: Spellings) => {
    put(`${role}.weight`, [width], spelled(names, endings(spellings, 'weight')));
    put(`${role}.bias`, [width], spelled(names, endings(spellings, 'bias')));
  };
  if (prefix.classToken) put('classToken', [width], whole(names.classToken!));
  if (prefix.registers) put('registers', [prefix.registers, width], whole(names.registers!));
  if (position.kind === 'table')
    put('positions', [position.grid ** 2 + Number(position.withClass), width], whole(names.positions!));
  put('patch.weight', [width, channels, patch, patch], spelled(names, endings(names.patch, 'weight')));
  if (config.patchBias) put('patch.bias', [width], spelled(names, endings(names.patch, 'bias')));
  if (config.preNorm) norm('preNorm', names.preNorm!);
  for (let i = 0; i < layers; i++) layerParameters(config, names, i, put);
  norm('finalNorm', names.finalNorm);
  if (config.projection !== null && names.projection)
    // The projection stands beside the tower, not in it.
    put(
      'projection',
      [config.projection, width],
      names.projection.map((name) => [name]),
    );
  return specs;
}

/** Names and shapes of the tensors that a checkpoint of a model has, in the family's usual spelling. */
export function tensorShapes(config: VitConfig): Map<string, number[]> {
  return new Map(
    parametersOf(config).flatMap(({ shape: [rows, ...rest], from }) => {
      const parts = from[0]!;
      return parts.flatMap((name) =>
        name === null ? [] : [[name, [rows! / parts.length, ...rest]] as [string, number[]]],
      );
    }),
  );
}

function layerParameters(
  { width, qkvBias, outputBias, layerScale, mlp }: VitConfig,
  names: VitNames,
  index: number,
  add: (role: string, shape: number[], from: Spelling[]) => void,
): void {
  const layers = names.layer.map((name) => name.replace('N', String(index)));
  /** Spellings of tensors of this layer that are stacked by rows; null for zeros. */
  const at = (parts: (Spellings | null)[], ending: string): Spelling[] => {
    const count = Math.max(...parts.map((part) => part?.length ?? 0));
    return layers.flatMap((layer) =>
      Array.from({ length: count }, (_, i) =>
        parts.map((part) => {
          const name = part && (part[i] ?? part.at(-1)!);
          return name === null ? null : `${layer}.${name}${ending}`;
        }),
      ),
    );
  };
  const put = (role: string, shape: number[], parts: (Spellings | null)[], ending: string) =>
    add(`layer.${index}.${role}`, shape, spelled(names, at(parts, ending)));
  for (const [role, name] of [
    ['norm1', names.norm1],
    ['norm2', names.norm2],
  ] as const)
    for (const kind of ['weight', 'bias']) put(`${role}.${kind}`, [width], [name], `.${kind}`);
  const qkv = [names.query, names.key, names.value];
  put('qkv.weight', [3 * width, width], qkv, '.weight');
  if (qkvBias.includes(true))
    put(
      'qkv.bias',
      [3 * width],
      qkv.map((name, i) => (qkvBias[i] ? name : null)),
      '.bias',
    );
  put('output.weight', [width, width], [names.output], '.weight');
  if (outputBias) put('output.bias', [width], [names.output], '.bias');
  if (layerScale) {
    put('scale1', [width], [names.scale1!], '');
    put('scale2', [width], [names.scale2!], '');
  }
  const gated = mlp.kind === 'gated' ? names.gated : undefined;
  const [first, second] = gated ? [gated.first, gated.second] : [[names.fc1], names.fc2];
  const rows = gated ? 2 * mlp.hidden : mlp.hidden;
  put('fc1.weight', [rows, width], [...first], '.weight');
  put('fc2.weight', [width, mlp.hidden], [second], '.weight');
  if (mlp.bias) {
    put('fc1.bias', [rows], [...first], '.bias');
    put('fc2.bias', [width], [second], '.bias');
  }
}

function endings(spellings: Spellings, ending: string): string[][] {
  return spellings.map((name) => [`${name}.${ending}`]);
}

/** All spellings behind every prefix. */
function spelled({ prefixes }: VitNames, spellings: readonly Spelling[]): Spelling[] {
  return prefixes.flatMap((prefix) =>
    spellings.map((parts) => parts.map((name) => (name === null ? null : prefix + name))),
  );
}
