import { describe, expect, it } from 'vitest';
import { readAdapterConfig, writeAdapterConfig } from './adapterConfig.ts';
import { AdapterError } from './errors.ts';
import { countingAdapter, goldenAdapter, goldenConfig } from './testing/fixtures.ts';
import type { LoraTarget } from './types.ts';

/** PEFT's rule for which modules it adapts, in the words of its documentation: endings, then the layer's number. */
function peftAdapts(path: string, config: Record<string, unknown>): boolean {
  const endings = config.target_modules as string[];
  if (endings.includes(path)) return true;
  if (!endings.some((ending) => path.endsWith(`.${ending}`))) return false;
  const layer = new RegExp(`^.*\\.${config.layers_pattern}\\.(\\d+)\\.`).exec(path);
  return layer !== null && (config.layers_to_transform as number[]).includes(Number(layer[1]));
}

/** All modules of a `Dinov2ForImageClassification` of 12 layers that have weights, under old and new names. */
const MODULES = ['', 'dinov2.'].flatMap((prefix) => [
  `${prefix}embeddings.patch_embeddings.projection`,
  ...Array.from({ length: 12 }, (_, i) =>
    [
      'norm1',
      'attention.attention.query',
      'attention.attention.key',
      'attention.attention.value',
      'attention.output.dense',
      'attention.q_proj',
      'attention.k_proj',
      'attention.v_proj',
      'attention.o_proj',
      'layer_scale1',
      'mlp.fc1',
      'mlp.fc2',
    ].map((name) => `${prefix}encoder.layer.${i}.${name}`),
  ).flat(),
  `${prefix}layernorm`,
  'classifier',
]);

describe('writeAdapterConfig', () => {
  it('has PEFT adapt exactly the modules of the adapter', () => {
    const cases: [number[], LoraTarget[], string[]][] = [
      [
        [0, 1, 11],
        ['query', 'key', 'value'],
        ['attention.query', 'attention.key', 'attention.value', 'q_proj', 'k_proj', 'v_proj'],
      ],
      [[1], ['output'], ['output.dense', 'o_proj']],
      [
        [10, 11],
        ['fc1', 'fc2'],
        ['fc1', 'fc2'],
      ],
    ];
    for (const [layers, targets, endings] of cases) {
      const adapter = { ...countingAdapter(goldenConfig(), [0], targets), layers };
      const config = JSON.parse(writeAdapterConfig(adapter));
      const expected = MODULES.filter(
        (path) =>
          layers.some((layer) => path.includes(`.layer.${layer}.`)) &&
          endings.some((ending) => path.endsWith(`.${ending}`)),
      );
      expect(MODULES.filter((path) => peftAdapts(path, config))).toEqual(expected);
      expect(expected.length).toBe(2 * layers.length * endings.length);
    }
  });

  it('says rank, alpha, dropout and encoder in the fields of LoraConfig', () => {
    expect(JSON.parse(writeAdapterConfig(goldenAdapter()))).toMatchObject({
      peft_type: 'LORA',
      task_type: null,
      inference_mode: true,
      base_model_name_or_path: 'embedded',
      r: 4,
      lora_alpha: 0.5,
      lora_dropout: 0.3,
      bias: 'none',
      fan_in_fan_out: false,
      layers_to_transform: [0, 1],
    });
  });
});

describe('readAdapterConfig', () => {
  const read = (fields: object) => readAdapterConfig(JSON.stringify({ peft_type: 'LORA', ...fields }));

  it("reads what was written, and PEFT's defaults where a field is left out", () => {
    const plain = { notes: [], rankPattern: [], alphaPattern: [], rankStabilized: false };
    expect(readAdapterConfig(writeAdapterConfig(goldenAdapter()))).toEqual({
      ...plain,
      ...{ rank: 4, alpha: 0.5, dropout: 0.3, baseModel: 'embedded' },
    });
    expect(read({ base_model_name_or_path: null })).toEqual({
      ...plain,
      ...{ rank: null, alpha: 8, dropout: 0, baseModel: '' },
      notes: ['adapter_config.json has no lora_alpha; PEFT’s default, 8, is taken.'],
    });
  });

  it('accepts what a current PEFT writes for plain LoRA', () => {
    const plain = {
      alora_invocation_tokens: null,
      alpha_pattern: {},
      init_lora_weights: true,
      layer_replication: null,
      lora_bias: false,
      modules_to_save: null,
      rank_pattern: {},
      target_parameters: null,
      trainable_token_indices: null,
      use_dora: false,
      use_rslora: false,
    };
    expect(read({ ...plain, r: 2, lora_alpha: 1 })).toMatchObject({ rank: 2, alpha: 1 });
  });

  it.each([
    [{ use_dora: true }, 'use_dora is true: DoRA'],
    [{ rank_pattern: { fc1: 0 } }, 'rank_pattern of "fc1" is 0'],
    [{ rank_pattern: { '(fc1': 4 } }, 'rank_pattern has "(fc1", which is no regular expression'],
    [{ alpha_pattern: { fc1: null } }, 'alpha_pattern of "fc1" is null; a number'],
    [{ alpha_pattern: [4] }, 'alpha_pattern is [4]; a map'],
    [{ use_qalora: true }, 'QALoRA'],
    [{ init_lora_weights: 'lora_ga' }, 'changes the weights of the encoder'],
    [{ fan_in_fan_out: true }, 'fan_in_fan_out'],
    [{ lora_bias: true }, 'lora_bias'],
    [{ bias: 'lora_only' }, 'bias is "lora_only"'],
    [{ init_lora_weights: 'pissa_niter_4' }, 'changes the weights of the encoder'],
    [{ peft_type: 'LOHA' }, 'peft_type is "LOHA"'],
    [{ r: 0 }, 'r is 0'],
    [{ r: '4' }, 'r is "4"; a number'],
    [{ lora_dropout: 1 }, 'lora_dropout is 1'],
  ])('refuses %j', (fields, message) => {
    expect(() => read(fields)).toThrow(AdapterError);
    expect(() => read(fields)).toThrow(message);
  });

  it('says what it takes for granted, and what model it was made for if that is none of ours', () => {
    const notes = (fields: object) => read({ lora_alpha: 8, ...fields }).notes;
    expect(notes({})).toEqual([]);
    expect(notes({ lora_alpha: null })).toEqual([
      'adapter_config.json has no lora_alpha; PEFT’s default, 8, is taken.',
    ]);
    const madeFor = (name: string, library: string) => ({
      auto_mapping: { base_model_class: name, parent_library: library },
    });
    const library = (name: string) => `transformers.models.${name}.modeling_${name}`;
    expect(notes(madeFor('Dinov2Model', library('dinov2')))).toEqual([]);
    expect(notes(madeFor('Wrapper', '__main__'))).toEqual([]);
    expect(notes(madeFor('ViTModel', library('vit')))).toEqual([
      'adapter_config.json says that the adapter was made for ViTModel, not for Dinov2Model.',
    ]);
    expect(notes({ auto_mapping: null })).toEqual([]);
  });

  it('does not mind a byte order mark', () => {
    const text = JSON.stringify({ peft_type: 'LORA', r: 2, base_model_name_or_path: 'ä/b' });
    const utf16 = new Uint8Array(Uint16Array.from(`\uFEFF${text}`, (letter) => letter.charCodeAt(0)).buffer);
    for (const content of [`\uFEFF${text}`, new TextEncoder().encode(`\uFEFF${text}`), utf16])
      expect(readAdapterConfig(content)).toMatchObject({ rank: 2, baseModel: 'ä/b' });
  });

  it('takes patterns as PEFT does: the whole path, or what follows a dot in it', () => {
    const [pattern] = read({ rank_pattern: { 'layer.(?P<n>1|2).mlp.fc[12]': 4 } }).rankPattern;
    const matches = (path: string) => pattern!.expression.test(path);
    expect(matches('encoder.layer.1.mlp.fc2')).toBe(true);
    expect(matches('layer.2.mlp.fc1')).toBe(true);
    expect(matches('encoder.layer.3.mlp.fc1')).toBe(false);
    expect(matches('encoder.xlayer.1.mlp.fc1')).toBe(false);
    expect(matches('encoder.layer.1.mlp.fc1.more')).toBe(false);
  });

  it('refuses what is not a JSON object', () => {
    expect(() => readAdapterConfig('<html>')).toThrow('adapter_config.json: not JSON');
    expect(() => readAdapterConfig('[]')).toThrow('not a JSON object');
  });
});
