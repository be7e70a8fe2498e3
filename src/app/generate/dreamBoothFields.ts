import { DEFAULT_PRIOR } from '../../diffusion/dreambooth/presets.ts';
import { SAMPLERS } from '../../diffusion/schedulers/samplers.ts';
import { choice, number, type SettingField } from '../settings/fields.ts';

const whole = (...given: Parameters<typeof number>): SettingField =>
  ({ ...number(...given), whole: true }) as SettingField;

const [RUN, OPTIMIZER, LORA, PHOTOS, CLASS, SAMPLES] = [
  'Run',
  'Optimizer and loss',
  'LoRA',
  'Photos',
  'Others of its kind',
  'Samples on the way',
];

/** Every setting of a DreamBooth run. */
export const DREAMBOOTH_FIELDS: SettingField[] = [
  whole(RUN, 'steps', 'Steps', [1, undefined, 10], 'Optimizer steps in all.'),
  whole(
    RUN,
    'batch',
    'Pictures a step',
    [1, 64, 1],
    'Of the subject; as many of its kind on top where those are used.',
  ),
  {
    ...choice(
      RUN,
      'microBatch',
      'Pictures at a time',
      { auto: 'automatic', 1: '1', 2: '2', 4: '4', 8: '8' },
      'Fewer take less memory; the result is the same.',
    ),
    parse: (text: string) => (text === 'auto' ? text : Number(text)),
  } as SettingField,
  whole(RUN, 'seed', 'Seed', [0, undefined, 1], 'Same seed, same LoRA, same curve.'),
  whole(
    RUN,
    'checkpointEvery',
    'Checkpoint every … steps',
    [1, undefined, 5],
    'Each is a LoRA to go back to, and where a reload goes on.',
  ),
  number(OPTIMIZER, 'learningRate', 'Learning rate', [0.000001, 1, 0.0001], 'Of AdamW.'),
  number(OPTIMIZER, 'weightDecay', 'Weight decay', [0, undefined, 0.01], 'Per step, times the rate.'),
  {
    kind: 'optional',
    group: OPTIMIZER,
    path: 'tokenLearningRate',
    label: 'Learn <new1> itself, rate',
    hint: 'The word’s embedding is learned beside the LoRA. Needs text_encoder/model.safetensors.',
    min: 0.000001,
    step: 0.0001,
    fallback: 0.001,
  },
  number(
    OPTIMIZER,
    'clipNorm',
    'Largest gradient norm',
    [0.01, undefined, 0.1],
    'Longer ones are cut to it.',
  ),
  {
    kind: 'optional',
    group: OPTIMIZER,
    path: 'snrGamma',
    label: 'Min-SNR weighting, γ',
    hint: 'Counts nearly clean pictures less; 5 is usual.',
    min: 0.1,
    step: 0.5,
    fallback: 5,
  },
  whole(LORA, 'lora.rank', 'Rank r', [1, 256, 1], 'Larger learns more and takes a larger file.'),
  number(LORA, 'lora.alpha', 'Alpha', [0.5, undefined, 1], 'The update is scaled by alpha / r.'),
  {
    kind: 'several',
    group: LORA,
    path: 'lora.targets',
    label: 'Layers that learn',
    hint: 'More layers take more memory.',
    choices: [
      { value: 'attention', label: 'Attention' },
      { value: 'feedForward', label: 'Feed-forward' },
      { value: 'convolutions', label: 'Convolutions' },
      { value: 'projections', label: 'Projections' },
    ],
  },
  {
    ...{ kind: 'flag', group: PHOTOS, path: 'masked', label: 'Masked' },
    hint: 'The loss counts the object, not what is behind it. Needs masks.',
  },
  number(
    PHOTOS,
    'maskFloor',
    'Weight of the background',
    [0, undefined, 0.01],
    'Beside an object of weight 1, before squaring. Only when masked.',
  ),
  choice(
    PHOTOS,
    'captions',
    'Learned under',
    { instance: 'one caption', varied: 'any of the generator’s', described: 'captions that describe them' },
    'Under many it stays itself in other colours and light.',
  ),
  number(
    PHOTOS,
    'painted',
    'Share painted',
    [0, 1, 0.1],
    'Of described crops with a mask: a plain colour behind the object, instead of the photo’s background.',
  ),
  choice(
    PHOTOS,
    'framing',
    'Squares are cut',
    { photo: 'anywhere in the photo', object: 'around the object' },
    'Around the object needs masks.',
  ),
  whole(PHOTOS, 'views', 'Crops of each photo', [1, 1000, 1], 'Coded once, before the first step.'),
  {
    kind: 'optional',
    group: CLASS,
    path: 'prior',
    label: 'Prior preservation',
    hint: 'It also trains on pictures of the class that it drew before, so that not every dog becomes yours.',
    min: 0,
    step: 1,
    fallback: DEFAULT_PRIOR,
  },
  whole(
    CLASS,
    'prior.images',
    'Class pictures',
    [1, 2000, 1],
    'Drawn before the first step, kept for later.',
  ),
  number(CLASS, 'prior.weight', 'Their weight', [0, undefined, 0.1], 'In the loss; the subject has 1.'),
  whole(CLASS, 'prior.steps', 'Their sampler steps', [1, 1000, 1]),
  number(CLASS, 'prior.guidance', 'Their guidance', [0, 30, 0.5], '1 is none and twice as fast.'),
  choice(CLASS, 'prior.sampler', 'Their sampler', SAMPLERS),
  whole(
    SAMPLES,
    'validateEvery',
    'Sample every … steps',
    [0, undefined, 10],
    'One picture of the same seed; 0 for none.',
  ),
  whole(SAMPLES, 'validation.steps', 'Sampler steps', [1, 1000, 1]),
  number(SAMPLES, 'validation.guidance', 'Guidance', [0, 30, 0.5], '1 is none and twice as fast.'),
  choice(SAMPLES, 'validation.sampler', 'Sampler', SAMPLERS),
];
