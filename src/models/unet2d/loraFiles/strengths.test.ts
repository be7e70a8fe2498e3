import { describe, expect, it } from 'vitest';
import { Philox } from '../../../random/philox.ts';
import type { Dtype } from '../../weights/safetensors/dtypes.ts';
import { kohyaName } from './exports.ts';
import { importUNetLora } from './import.ts';
import { config, madeModule, type TypedTensor, typed, typedFile } from './testing.ts';

const BLOCK = 'down_blocks.1.attentions.0.transformer_blocks.0';
const Q = `${BLOCK}.attn1.to_q`;
const V = `${BLOCK}.attn2.to_v`;
const RANK = 4;
const made = Object.fromEntries([Q, V].map((path, i) => [path, madeModule(path, RANK, 0, new Philox(3, i))]));

/** Both modules in kohya's layout. */
function tensors(): Record<string, TypedTensor> {
  return Object.fromEntries(
    [Q, V].flatMap((path) => {
      const { A, B, inFeatures, outFeatures } = made[path]!;
      return [
        [`${kohyaName(path)}.lora_down.weight`, typed('F32', [RANK, inFeatures], A)],
        [`${kohyaName(path)}.lora_up.weight`, typed('F32', [outFeatures, RANK], B)],
      ];
    }),
  );
}

const ALPHA = `${kohyaName(Q)}.alpha`;

/** By what a module's B was multiplied. */
function strengths(file: Uint8Array) {
  const { adapter, notes } = importUNetLora(file, 'my LoRA.safetensors', config);
  const of = (path: string) => {
    const at = made[path]!.B.findIndex((value) => value === 1 || value === -1);
    return adapter.modules[path]!.B[at]! / made[path]!.B[at]!;
  };
  return { q: of(Q), v: of(V), notes };
}

const withMetadata = (settings: unknown, more: Record<string, TypedTensor> = {}) =>
  typedFile(
    { ...tensors(), ...more },
    { lora_adapter_metadata: typeof settings === 'string' ? settings : JSON.stringify(settings) },
  );

describe('alpha tensors', () => {
  const dtypes: Dtype[] = [
    'F64',
    'F32',
    'F16',
    'BF16',
    'I64',
    'I32',
    'I16',
    'I8',
    'U64',
    'U32',
    'U16',
    'U8',
    'BOOL',
  ];
  it.each(dtypes)('of %s are read, with shape [], [1] and [1, 1]', (dtype) => {
    for (const shape of [[], [1], [1, 1]]) {
      const file = typedFile({ ...tensors(), [ALPHA]: typed(dtype, shape, [1]) });
      expect(strengths(file)).toEqual({ q: 1 / 4, v: 1, notes: [] });
    }
  });

  it('of any value are followed: large, fractional, negative', () => {
    const at = (dtype: Dtype, alpha: number) =>
      strengths(typedFile({ ...tensors(), [ALPHA]: typed(dtype, [], [alpha]) })).q;
    expect(at('F32', 0.5)).toBe(1 / 8);
    expect(at('I8', -2)).toBe(-1 / 2);
    expect(at('I64', -(2 ** 40))).toBe(-(2 ** 38));
    expect(at('U8', 200)).toBe(50);
    // The bits of 1.
    expect(at('F8_E4M3', 0x38)).toBe(1 / 4);
    expect(at('F8_E5M2', 0x3c)).toBe(1 / 4);
    expect(at('F32', -1.5)).toBe(-3 / 8);
  });

  it('of zero change nothing, which is said', () => {
    const { q, v, notes } = strengths(typedFile({ ...tensors(), [ALPHA]: typed('I64', [], [0]) }));
    expect([q, v]).toEqual([0, 1]);
    expect(notes).toEqual(['my LoRA.safetensors: alpha is 0 for 1 module, which change nothing.']);
  });

  it.each([
    ['NaN', typed('F32', [], [Number.NaN]), 'is NaN'],
    ['infinite', typed('F64', [], [Number.POSITIVE_INFINITY]), 'is Infinity'],
    ['two', typed('F32', [2], [1, 1]), 'is [2] instead of one number'],
    ['none', typed('F32', [0], []), 'is [0] instead of one number'],
    ['NaN in f8', typed('F8_E4M3', [], [0x7f]), 'is NaN'],
  ])('that are %s are refused by name', (_, tensor, words) => {
    const file = typedFile({ ...tensors(), [ALPHA]: tensor });
    expect(() => strengths(file)).toThrow(`my LoRA.safetensors: ${ALPHA} ${words}`);
  });

  it('come before the metadata, which come before the rank', () => {
    const file = withMetadata({ 'unet.r': 4, 'unet.lora_alpha': 2 }, { [ALPHA]: typed('I32', [], [1]) });
    expect(strengths(file)).toMatchObject({ q: 1 / 4, v: 1 / 2 });
  });
});

describe("diffusers' metadata", () => {
  it('match modules as peft does', () => {
    const base = { 'unet.r': 4, 'unet.lora_alpha': 4 };
    const by = (alpha_pattern: Record<string, number>) => {
      const { q, v } = strengths(withMetadata({ ...base, 'unet.alpha_pattern': alpha_pattern }));
      return [q, v];
    };
    expect(by({ to_q: 2 })).toEqual([1 / 2, 1]);
    expect(by({ 'attn2.to_v': 8 })).toEqual([1, 2]);
    expect(by({ [`^${Q}`]: 1 })).toEqual([1 / 4, 1]);
    expect(by({ [V]: 1 })).toEqual([1, 1 / 4]);
    expect(by({ 'to_[qkv]': 2 })).toEqual([1 / 2, 1 / 2]);
    // The end of a name is not a name, and neither is its start; of several the first counts.
    expect(by({ o_q: 2, to_: 2, '^to_q': 2 })).toEqual([1, 1]);
    expect(by({ 'attn1.to_q': 1, to_q: 2 })).toEqual([1 / 4, 1]);
  });

  it('are read without a prefix too, and those of other parts are not taken', () => {
    expect(strengths(withMetadata({ r: 4, lora_alpha: 2 }))).toMatchObject({ q: 1 / 2, v: 1 / 2 });
    const others = { 'text_encoder.r': 4, 'text_encoder.lora_alpha': 2 };
    expect(strengths(withMetadata(others))).toMatchObject({ q: 1, v: 1 });
    expect(strengths(withMetadata({ ...others, 'unet.lora_alpha': 1 }))).toMatchObject({
      q: 1 / 4,
      v: 1 / 4,
    });
  });

  it('may stabilize the rank: alpha / √rank', () => {
    expect(strengths(withMetadata({ 'unet.lora_alpha': 1, 'unet.use_rslora': true })).q).toBe(1 / 2);
  });

  it("have peft's alpha where they leave it out", () => {
    expect(strengths(withMetadata({ 'unet.r': 4 })).q).toBe(2);
  });

  it.each([
    [{ 'unet.r': 4, 'unet.lora_alpha': 4, 'unet.use_dora': true }, 'DoRA'],
    [{ 'unet.r': 4, 'unet.lora_alpha': 4, 'unet.init_lora_weights': 'pissa' }, 'init_lora_weights'],
    [{ 'unet.r': 8, 'unet.lora_alpha': 4 }, 'has rank 4, its lora_adapter_metadata say 8'],
    [{ 'unet.r': 4, 'unet.lora_alpha': 'four' }, 'lora_alpha in its lora_adapter_metadata is "four"'],
    [{ 'unet.r': 4, 'unet.alpha_pattern': { to_q: '2' } }, 'alpha_pattern, "to_q",'],
    [{ 'unet.r': 4, 'unet.alpha_pattern': { '(': 2 } }, 'has "(", which is no regular expression'],
    ['{"unet.r": 4', 'is no JSON object'],
  ])('%j are refused', (settings, words) => {
    expect(() => strengths(withMetadata(settings))).toThrow(words);
  });

  it('may be null, or not be texts', () => {
    expect(strengths(typedFile(tensors(), null))).toEqual({ q: 1, v: 1, notes: [] });
    expect(strengths(typedFile(tensors(), { steps: 7, format: 'pt' }))).toEqual({ q: 1, v: 1, notes: [] });
    const nested = { 'unet.r': 4, 'unet.lora_alpha': 1 };
    for (const [settings, strength] of [
      [nested, 1 / 4],
      [null, 1],
    ] as const) {
      const file = typedFile(tensors(), { lora_adapter_metadata: settings });
      expect(strengths(file)).toEqual({ q: strength, v: strength, notes: [] });
    }
  });
});
