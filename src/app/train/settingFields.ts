import type { TrainingSettings } from '../../personalize/settings.ts';

/** One control of the settings drawer; `path` is where its value is, with dots. */
export type SettingField = {
  group: string;
  path: string;
  label: string;
  hint?: string;
} & (
  | { kind: 'number'; min: number; max?: number; step: number }
  | { kind: 'optional'; min: number; step: number; fallback: unknown }
  | { kind: 'choice'; choices: { value: string; label: string }[]; parse?: (text: string) => unknown }
);

const number = (
  group: string,
  path: string,
  label: string,
  [min, max, step]: [number, number | undefined, number],
  hint?: string,
): SettingField => ({
  kind: 'number',
  group,
  path,
  label,
  min,
  step,
  ...(max === undefined ? {} : { max }),
  ...(hint ? { hint } : {}),
});

const choice = (
  group: string,
  path: string,
  label: string,
  values: Record<string, string>,
  hint?: string,
): SettingField => ({
  kind: 'choice',
  group,
  path,
  label,
  choices: Object.entries(values).map(([value, text]) => ({ value, label: text })),
  ...(hint ? { hint } : {}),
});

const [RUN, LOSS, LORA, OPTIMIZER, DATA, VIEWS, PASTE] = [
  'Run',
  'Loss',
  'LoRA',
  'Optimizer',
  'Positives and triplets',
  'Augmentation',
  'Cut/Paste',
];

/** Every setting of a run that one control can hold; what is left is in the JSON below them. */
export const SETTING_FIELDS: SettingField[] = [
  number(RUN, 'steps', 'Steps', [1, undefined, 1]),
  number(RUN, 'batch', 'Triplets a step', [1, 64, 1]),
  number(RUN, 'seed', 'Seed', [0, undefined, 1], 'Same seed, same adapter, same curve.'),
  number(RUN, 'checkpointEvery', 'Checkpoint every … steps', [1, undefined, 1]),
  choice(LOSS, 'loss', 'Contrastive loss', {
    'info-nce': 'InfoNCE, all pairs',
    'multi-positive': 'Multi-positive',
    hinge: 'Hinge, margin 0.05',
  }),
  number(LOSS, 'temperature', 'Temperature τ', [0.01, 1, 0.01]),
  choice(LOSS, 'embedding', 'Embedding', { 'cls+mean': 'CLS ⊕ mean patch', cls: 'CLS' }),
  {
    kind: 'optional',
    group: LOSS,
    path: 'patchTerm',
    label: 'Patch term',
    hint: 'Beyond the paper: makes the maps. Needs masks.',
    min: 0,
    step: 0.1,
    fallback: { weight: 1, temperature: 0.1 },
  },
  number(LOSS, 'patchTerm.weight', 'Patch term: weight', [0, undefined, 0.1]),
  number(LOSS, 'patchTerm.temperature', 'Patch term: τ', [0.01, 1, 0.01]),
  number(LORA, 'lora.rank', 'Rank r', [1, 256, 1]),
  number(LORA, 'lora.alpha', 'Alpha', [0, undefined, 0.5], 'The update is scaled by alpha / r.'),
  number(LORA, 'lora.dropout', 'Dropout', [0, 0.9, 0.05]),
  choice(LORA, 'lora.targets', 'Targets', {
    qkv: 'query, key, value',
    'qkv+output': '… and attention output',
    'qkv+output+mlp': '… and MLP',
  }),
  {
    ...choice(LORA, 'lora.lastLayers', 'Layers', {
      all: 'all',
      ...Object.fromEntries([1, 2, 3, 4, 6, 8].map((count) => [String(count), `the last ${count}`])),
    }),
    parse: (text: string) => (text === 'all' ? text : Number(text)),
  } as SettingField,
  number(OPTIMIZER, 'optimizer.learningRate', 'Learning rate', [0, 1, 0.0001]),
  number(OPTIMIZER, 'optimizer.beta1', 'β₁', [0, 0.9999, 0.05]),
  number(OPTIMIZER, 'optimizer.beta2', 'β₂', [0, 0.99999, 0.001]),
  number(OPTIMIZER, 'optimizer.weightDecay', 'Weight decay', [0, undefined, 0.001], 'Above 0: AdamW.'),
  {
    kind: 'optional',
    group: OPTIMIZER,
    path: 'optimizer.clipNorm',
    label: 'Clip the gradient norm',
    min: 0.01,
    step: 0.1,
    fallback: 1,
  },
  choice(DATA, 'positives', 'Positives', {
    real: 'Real crops',
    cutpaste: 'Cut/Paste',
    generated: 'Generated pictures',
    combined: 'All kinds, equally often',
  }),
  choice(DATA, 'anchorMode', 'Anchors', { real: 'Real', synthetic: 'Synthetic', both: 'Both' }),
  number(DATA, 'triplets', 'Triplets written down', [1, undefined, 50]),
  number(DATA, 'cutPasteCount', 'Cut/Paste images', [1, 2000, 1]),
  number(DATA, 'views.anchors', 'Fixed views an anchor', [1, 200, 1]),
  number(DATA, 'views.positives', 'Fixed views a positive', [1, 200, 1]),
  number(DATA, 'views.negatives', 'Fixed views a negative', [1, 200, 1]),
  choice(VIEWS, 'augment.method', 'Drawn from', { paper: 'the preprocessed tensor', photo: 'the photo' }),
  number(VIEWS, 'augment.flip', 'Flip probability', [0, 1, 0.1]),
  number(VIEWS, 'augment.rotationDegrees', 'Rotation ± degrees', [0, 180, 1]),
  number(VIEWS, 'augment.cropArea.0', 'Smallest crop area', [0.05, 1, 0.05]),
  number(VIEWS, 'augment.cropArea.1', 'Largest crop area', [0.05, 1, 0.05]),
  number(VIEWS, 'augment.minObject', 'Object kept in a crop', [0, 1, 0.1]),
  number(PASTE, 'cutPaste.scale.0', 'Smallest object height', [0.05, 1, 0.05]),
  number(PASTE, 'cutPaste.scale.1', 'Largest object height', [0.05, 1, 0.05]),
  number(PASTE, 'cutPaste.rotationDegrees', 'Rotation ± degrees', [0, 180, 5]),
  number(PASTE, 'cutPaste.feather', 'Feather, pixels', [0, 20, 0.5]),
  number(PASTE, 'cutPaste.erode', 'Erode, pixels', [0, 20, 0.5]),
  number(PASTE, 'cutPaste.outside', 'Share outside the frame', [0, 0.9, 0.05]),
  number(PASTE, 'cutPaste.procedural', 'Share of procedural backgrounds', [0, 1, 0.1]),
];

/** The value at a dotted path; undefined where there is none. */
export function valueAt(settings: TrainingSettings, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], settings);
}

/** Settings with another value at a dotted path; the original stays. */
export function withValue(settings: TrainingSettings, path: string, value: unknown): TrainingSettings {
  const copy = structuredClone(settings);
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Record<string, unknown>>(
    (object, key) => object[key] as Record<string, unknown>,
    copy as unknown as Record<string, unknown>,
  );
  parent[last] = value;
  return { ...copy, preset: 'custom' };
}
