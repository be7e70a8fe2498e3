import { describe, expect, it } from 'vitest';
import { Philox } from '../../../random/philox.ts';
import type { Dtype } from '../../weights/safetensors/dtypes.ts';
import { LORA_TARGETS } from '../loraSites.ts';
import { kohyaName } from './exports.ts';
import { importUNetLora } from './import.ts';
import { ldmNames } from './ldmNames.ts';
import {
  config,
  type MadeModule,
  madeModule,
  pathsOf,
  shapesOf,
  type TypedTensor,
  typed,
  typedFile,
  updateOf,
  updatesOf,
} from './testing.ts';

const BLOCK = 'down_blocks.1.attentions.0';
const Q = `${BLOCK}.transformer_blocks.0.attn1.to_q`;
const OUT = `${BLOCK}.transformer_blocks.0.attn2.to_out.0`;
const GATE = `${BLOCK}.transformer_blocks.0.ff.net.0.proj`;
const CONV = 'up_blocks.1.resnets.1.conv1';
const PROJECTION = `${BLOCK}.proj_in`;

const isAttention = (path: string) => /\.attn[12]\./.test(path);

/** `…attn1.to_q` → `…attn1.processor.to_q_lora`; only attention had processors, the rest is named as peft does. */
const processor = (prefix: string) => (path: string) =>
  prefix + path.replace(/\.(to_[a-z]+)(?:\.0)?$/, '.processor.$1_lora');
const ldm = ldmNames(config);
const underscores = (name: string) => name.replaceAll('.', '_');

/** Names of a module's down and up matrix and alpha. */
type Layout = (path: string) => [down: string, up: string, alpha: string];
const suffixed =
  (name: (path: string) => string, down: string, up: string): Layout =>
  (path) => [`${name(path)}${down}.weight`, `${name(path)}${up}.weight`, `${name(path)}.alpha`];
const under = (prefix: string) => (path: string) => prefix + path;
const peft = suffixed(under('unet.'), '.lora_A', '.lora_B');
const orPeft =
  (layout: Layout): Layout =>
  (path) =>
    isAttention(path) ? layout(path) : peft(path);

const LAYOUTS: Record<string, Layout> = {
  'unet.X.lora_A': peft,
  'unet.X.lora_A.default': suffixed(under('unet.'), '.lora_A.default', '.lora_B.default'),
  'X.lora_A': suffixed(under(''), '.lora_A', '.lora_B'),
  'unet.unet.X.lora_A': suffixed(under('unet.unet.'), '.lora_A', '.lora_B'),
  'base_model.model.X.lora_A': suffixed(under('base_model.model.'), '.lora_A', '.lora_B'),
  'base_model.model.unet.X.lora_A.default': suffixed(
    under('base_model.model.unet.'),
    '.lora_A.default',
    '.lora_B.default',
  ),
  'wrapped by PyTorch': suffixed(
    (path) =>
      `base_model.model.module._orig_mod.${path.replace('_blocks.', '_blocks._fsdp_wrapped_module.')}`,
    ...(['.lora_A', '.lora_B'] as const),
  ),
  'kohya, compiled': suffixed(
    (path) => kohyaName(path).replace('lora_unet_', 'lora_unet__orig_mod_'),
    ...(['.lora_down', '.lora_up'] as const),
  ),
  'unet.X.lora.down': suffixed(under('unet.'), '.lora.down', '.lora.up'),
  'X.lora.down': suffixed(under(''), '.lora.down', '.lora.up'),
  'unet processors': orPeft(suffixed(processor('unet.'), '.down', '.up')),
  processors: orPeft(suffixed(processor(''), '.down', '.up')),
  kohya: suffixed(kohyaName, '.lora_down', '.lora_up'),
  'kohya, LDM names': suffixed((path) => `lora_unet_${underscores(ldm(path))}`, '.lora_down', '.lora_up'),
  'LDM names with dots': suffixed((path) => `diffusion_model.${ldm(path)}`, '.lora_A', '.lora_B'),
  LyCORIS: suffixed((path) => `lycoris_${underscores(path)}`, '.lora_down', '.lora_up'),
};

function tensorsOf(
  made: readonly MadeModule[],
  layout: Layout,
  dtype: Dtype,
  withAlpha: boolean,
  wide = false,
) {
  const tensors: Record<string, TypedTensor> = {};
  for (const module of made) {
    const [down, up, alpha] = layout(module.path);
    const shapes = shapesOf(module, wide);
    tensors[down] = typed(dtype, shapes.down, module.A);
    tensors[up] = typed(dtype, shapes.up, module.B);
    if (withAlpha) tensors[alpha] = typed('F32', [], [module.alpha]);
  }
  return tensors;
}

/** The adapter of a file holds these modules with these updates, and nothing else. */
function expectUpdates(file: Uint8Array, made: readonly MadeModule[], scale: (module: MadeModule) => number) {
  const { adapter, notes } = importUNetLora(file, 'lora.safetensors', config);
  const found = updatesOf(adapter);
  expect(Object.keys(found).sort()).toEqual(made.map(({ path }) => path).sort());
  for (const module of made)
    expect(found[module.path]!, module.path).toBeAllclose(updateOf(module, scale(module)), { atol: 1e-5 });
  return { adapter, notes };
}

describe.each(Object.entries(LAYOUTS))('a LoRA file of layout %s', (name, layout) => {
  const made = [Q, OUT, GATE, CONV, PROJECTION].map((path, i) => madeModule(path, 4, 1, new Philox(7, i)));

  it.each(['F32', 'F16', 'BF16', 'F64'] as const)('is read from %s, with alpha and without', (dtype) => {
    const plain = expectUpdates(typedFile(tensorsOf(made, layout, dtype, false)), made, () => 1);
    const scaled = expectUpdates(typedFile(tensorsOf(made, layout, dtype, true)), made, () => 1 / 4);
    expect(plain.adapter.targets).toEqual(LORA_TARGETS);
    // A quarter is exact: the strength is in B, bit for bit.
    for (const { path, A, B } of made) {
      expect([...plain.adapter.modules[path]!.A]).toEqual(A);
      expect([...scaled.adapter.modules[path]!.B]).toEqual(B.map((value) => value / 4));
    }
    const ofPeft = /base_model|default|PyTorch/.test(name);
    expect(plain.notes).toEqual(ofPeft ? [expect.stringMatching(/adapter_config\.json.*5 modules/)] : []);
    expect(scaled.notes).toEqual([]);
  });

  it('takes linear layers with two more sizes of 1', () => {
    expectUpdates(typedFile(tensorsOf(made, layout, 'F16', true, true)), made, () => 1 / 4);
  });

  it('reads the strength from the metadata', () => {
    const metadata = { lora_adapter_metadata: JSON.stringify({ 'unet.r': 4, 'unet.lora_alpha': 6 }) };
    const { notes } = expectUpdates(
      typedFile(tensorsOf(made, layout, 'F32', false), metadata),
      made,
      () => 1.5,
    );
    expect(notes).toEqual([]);
  });
});

it('any modules, ranks and alphas are the same update in every layout', () => {
  const all = pathsOf(LORA_TARGETS);
  for (let round = 0; round < 12; round++) {
    const random = new Philox(2026, round);
    const paths = random.shuffle([...all]).slice(0, 1 + random.int(5));
    const made = paths.map((path) => madeModule(path, 1 + random.int(7), (random.int(65) - 16) / 8, random));
    const dtype = (['F32', 'F16', 'BF16', 'F64'] as const)[random.int(4)]!;
    const settings = {
      ...{ 'unet.lora_alpha': 99, 'unet.r': 99 },
      'unet.alpha_pattern': Object.fromEntries(made.map(({ path, alpha }) => [path, alpha])),
      'unet.rank_pattern': Object.fromEntries(made.map(({ path, rank }) => [`^${path}`, rank])),
    };
    const results = Object.values(LAYOUTS).flatMap((layout) => {
      const wide = random.chance(0.5);
      const withAlpha = typedFile(tensorsOf(made, layout, dtype, true, wide), null);
      const withMetadata = typedFile(tensorsOf(made, layout, dtype, false, wide), {
        lora_adapter_metadata: JSON.stringify(settings),
      });
      return [withAlpha, withMetadata].map((file) => importUNetLora(file, 'lora', config).adapter);
    });
    const [first, ...others] = results;
    for (const module of made) {
      const expected = updateOf(module, module.alpha / module.rank);
      expect(updatesOf(first!)[module.path]!).toBeAllclose(expected, { atol: 1e-4 });
    }
    // The order of the modules is the file's; what they hold must be equal bit for bit.
    for (const other of others) expect(other).toEqual(first);
  }
});

it('two adapters of different layers are both taken, which is said', () => {
  const made = [Q, OUT].map((path, i) => madeModule(path, 4, 4, new Philox(7, i)));
  const tensors = made.map((module, i) => {
    const adapter = ['first', 'second'][i];
    const layout = suffixed(under('unet.'), `.lora_A.${adapter}`, `.lora_B.${adapter}`);
    return tensorsOf([module], layout, 'F32', true);
  });
  const { notes } = expectUpdates(typedFile(Object.assign({}, ...tensors)), made, () => 1);
  expect(notes).toEqual([expect.stringContaining('several adapters are in it')]);
  expect(notes[0]).toContain('first, second');
});

describe('ranks', () => {
  it.each([1, 3, 6])('of %i stay as they are without convolutions', (rank) => {
    const made = [Q, PROJECTION].map((path) => madeModule(path, rank, rank, new Philox(rank)));
    const file = typedFile(tensorsOf(made, LAYOUTS.kohya!, 'F32', true));
    expect(expectUpdates(file, made, () => 1).adapter).toMatchObject({ rank, alpha: rank });
  });

  it.each([
    [1, 4],
    [3, 4],
    [6, 8],
    [8, 8],
  ])('of %i are padded to %i with convolutions', (rank, wider) => {
    const made = [Q, CONV].map((path) => madeModule(path, rank, 2, new Philox(rank)));
    const file = typedFile(tensorsOf(made, LAYOUTS.kohya!, 'F32', true));
    expect(expectUpdates(file, made, () => 2 / rank).adapter).toMatchObject({ rank: wider, alpha: wider });
  });
});

it('a convolution in three parts is the product of the three', () => {
  const rank = 3;
  const whole = madeModule(CONV, rank, 3, new Philox(5));
  const { inFeatures } = whole;
  const random = new Philox(6);
  const numbers = (count: number) => Array.from({ length: count }, () => (random.int(9) - 4) / 8);
  const down = numbers(rank * inFeatures);
  const mid = numbers(rank * rank * 9);
  // By definition: output channel p of the core reads channel q at a tap, and q is a sum over the inputs.
  const A = Array.from({ length: rank * inFeatures * 9 }, (_, at) => {
    const [p, i, tap] = [Math.floor(at / (inFeatures * 9)), Math.floor(at / 9) % inFeatures, at % 9];
    let sum = 0;
    for (let q = 0; q < rank; q++) sum += mid[(p * rank + q) * 9 + tap]! * down[q * inFeatures + i]!;
    return sum;
  });
  const name = kohyaName(CONV);
  const file = typedFile({
    [`${name}.lora_down.weight`]: typed('F32', [rank, inFeatures, 1, 1], down),
    [`${name}.lora_mid.weight`]: typed('F32', [rank, rank, 3, 3], mid),
    [`${name}.lora_up.weight`]: typed('F32', [whole.outFeatures, rank, 1, 1], whole.B),
    [`${name}.alpha`]: typed('F32', [], [1.5]),
  });
  expectUpdates(file, [{ ...whole, A }], () => 0.5);
});
