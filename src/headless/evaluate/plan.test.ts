import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DREAMBOOTH_PRESETS } from '../../diffusion/dreambooth/presets.ts';
import { PRESETS } from '../../personalize/presets.ts';
import {
  cellName,
  DEFAULTS,
  EvaluationFileError,
  planCells,
  readEvaluationFile,
  withoutImages,
} from './plan.ts';
import { settingsBehind } from './resolve.ts';

describe('readEvaluationFile', () => {
  it('gives every subject files of its own, whatever it is called', () => {
    const names = [
      'ポチ',
      'タマ',
      'a b',
      'a_b',
      'a-b',
      'Zo\u00EB',
      'x'.repeat(300),
      'x'.repeat(301),
      '../up',
      'a/b',
    ];
    const files = names.map((name) => cellName(name, 'real', 0));
    expect(new Set(files).size).toBe(names.length);
    for (const file of files) expect(file).toMatch(/^[\w.=+~-]{1,150}$/);
    expect(cellName('Zoe\u0308', 'real', 0)).toBe(cellName('Zo\u00EB', 'real', 0));
    expect(cellName('dog6', 'real, rank 4', 1)).toBe('dog6--real_rank_4--seed_1');
  });

  it('fills in what is left out and keeps what is given', () => {
    const file = readEvaluationFile({ preset: 'quick', generation: { images: 4 }, training: { steps: 7 } });
    expect(file).toEqual({
      ...DEFAULTS,
      preset: 'quick',
      training: { steps: 7 },
      generation: { ...DEFAULTS.generation, images: 4 },
    });
  });

  it.each([
    [[], 'must be a JSON object'],
    [{ step: 3 }, 'no setting step'],
    [{ positives: ['real', 'magic'] }, 'not magic'],
    [{ positives: 'real' }, 'positives must be a list'],
    [{ seeds: [] }, 'seeds must be a list'],
    [{ generation: { image: 3 } }, 'generation.image'],
    [{ generation: { classWords: { libby: '' } } }, 'generation.classWords.libby must be a word'],
    [{ map: 3 }, 'map must be an object'],
    [{ confidence: 'high' }, 'not high'],
    [{ tests: 0 }, 'tests must be a whole number'],
    [{ dense: 'yes' }, 'dense must be a boolean'],
    [{ sweep: { steps: [1] } }, 'no setting steps'],
    [{ sweep: { photos: 3 } }, 'photos must be a list'],
    [{ sweep: { 'photos.x': [3] } }, 'no setting photos.x'],
    [{ sweep: { tests: [3, 6] } }, 'tests is the same for a whole run'],
    [{ sweep: { seeds: [[1], [2]] } }, 'seeds is the same for a whole run'],
    [{ sweep: { photos: [1, 0] } }, 'sweep: photos must be a whole number'],
    [{ sweep: { confidence: ['photo', 'high'] } }, 'not high'],
    [{ sweep: { 'generation.guidance': [4, 'much'] } }, 'generation.guidance must be a number'],
    [{ training: { seed: 3 } }, 'training.seed is set by "seeds"'],
    [{ generation: { images: 2.5 } }, 'generation.images must be a whole number'],
  ])('names what is wrong with %j', (json, message) => {
    expect(() => readEvaluationFile(json)).toThrow(EvaluationFileError);
    expect(() => readEvaluationFile(json)).toThrow(message);
  });

  it.each([
    [{ training: { lora: { rnak: 3 } } }, 'no setting lora.rnak'],
    [{ sweep: { 'training.loss': ['info-nce', 'softmax'] } }, 'loss must be one of'],
    [{ sweep: { 'training.lora.rank': [4, 0] } }, 'lora.rank must be a whole number'],
    [{ generation: { dreambooth: { stepz: 3 } } }, 'stepz'],
  ])('checks what training and DreamBooth are given before anything runs: %j', (json, message) => {
    expect(() => readEvaluationFile(json)).toThrow(message);
  });
});

describe('planCells', () => {
  it('plans every subject with every recipe and seed, each once', () => {
    const file = readEvaluationFile({ positives: ['real', 'cutpaste'], seeds: [1, 2] });
    const cells = planCells(file, ['a', 'b']);
    expect(cells).toHaveLength(8);
    expect(new Set(cells.map(({ subject, recipe, seed }) => cellName(subject, recipe, seed))).size).toBe(8);
    // The first seed of every subject comes before the second of any.
    expect(cells.slice(0, 4).every(({ seed }) => seed === 1)).toBe(true);
  });

  it('leaves recipes out that need a generator when no images are asked for', () => {
    const recipes = (images: number) => {
      const file = readEvaluationFile({
        positives: ['real', 'masked-dreambooth', 'combined'],
        generation: { images },
      });
      return planCells(file, ['a']).map(({ recipe }) => recipe);
    };
    expect(recipes(0)).toEqual(['real', 'combined']);
    expect(recipes(8)).toEqual(['real', 'masked-dreambooth', 'combined']);
  });

  it('keeps to the subjects that were asked for', () => {
    expect(
      planCells(readEvaluationFile({ subjects: ['b', 'c'], positives: ['real'] }), ['a', 'b']),
    ).toHaveLength(1);
  });

  it('sweeps one list at a time, or every combination', () => {
    const sweep = { photos: [1, 3], 'training.lora.rank': [4, 8] };
    const rows = (sweepBy: string) =>
      planCells(readEvaluationFile({ positives: ['real'], sweep, sweepBy }), ['a']).map(
        ({ recipe, file }) => [recipe, file.photos, file.training],
      );
    expect(rows('each')).toEqual([
      ['real, photos 1', 1, {}],
      ['real, photos 3', 3, {}],
      ['real, rank 4', null, { lora: { rank: 4 } }],
      ['real, rank 8', null, { lora: { rank: 8 } }],
    ]);
    expect(rows('grid').map(([recipe]) => recipe)).toEqual([
      'real, photos 1, rank 4',
      'real, photos 1, rank 8',
      'real, photos 3, rank 4',
      'real, photos 3, rank 8',
    ]);
  });

  it('may sweep the source of positives itself', () => {
    const file = readEvaluationFile({ sweep: { positives: ['real', 'cutpaste'] } });
    expect(planCells(file, ['a']).map(({ recipe }) => recipe)).toEqual(['real', 'cutpaste']);
  });

  it('always has the row of real crops, at the base where the sweep was not asked for with it', () => {
    const asked = readEvaluationFile({
      ...{ positives: ['cutpaste'], sweep: { 'training.lora.rank': [4, 8] } },
    });
    const cells = planCells(asked, ['a']);
    expect(cells.map(({ recipe }) => recipe)).toEqual(['real', 'cutpaste, rank 4', 'cutpaste, rank 8']);
    expect(cells[0]!.file.training).toEqual({});
  });

  it('runs a recipe once for settings that make no difference to it', () => {
    const recipes = (json: object) => planCells(readEvaluationFile(json), ['a']).map(({ recipe }) => recipe);
    const images = { 'generation.images': [4, 8] };
    expect(recipes({ positives: ['real', 'masked-dreambooth'], sweep: images })).toEqual([
      ...['real', 'masked-dreambooth, images 4', 'masked-dreambooth, images 8'],
    ]);
    const pasted = { 'training.cutPasteCount': [4, 8] };
    expect(recipes({ positives: ['real', 'cutpaste'], sweep: pasted })).toEqual([
      ...['real', 'cutpaste, cutPasteCount 4', 'cutpaste, cutPasteCount 8'],
    ]);
    // Drawn negatives are part of every recipe.
    const guidance = { 'generation.guidance': [1, 4] };
    expect(recipes({ positives: ['real'], sweep: guidance, generation: { negatives: 2 } })).toEqual([
      ...['real, guidance 1', 'real, guidance 4'],
    ]);
  });

  it('compares with the pretrained encoder on the same photos and maps', () => {
    const sweep = { photos: [1, 3], 'map.mode': ['object-minus-background'], 'training.steps': [5] };
    const file = readEvaluationFile({ positives: ['real'], sweep });
    expect(planCells(file, ['a']).map(({ baseline }) => baseline)).toEqual([
      { recipe: 'pretrained, photos 1', point: { photos: 1 } },
      { recipe: 'pretrained, photos 3', point: { photos: 3 } },
      {
        recipe: 'pretrained, mode object-minus-background',
        point: { 'map.mode': 'object-minus-background' },
      },
      { recipe: 'pretrained', point: {} },
    ]);
  });

  it('tells settings of the same last name apart', () => {
    const sweep = { 'training.steps': [5], 'generation.steps': [5], 'training.patchTerm': [null] };
    const file = readEvaluationFile({
      ...{ positives: ['masked-dreambooth'], generation: { images: 1 }, sweep },
    });
    expect(planCells(file, ['a']).map(({ recipe }) => recipe)).toEqual([
      ...['real', 'masked-dreambooth, training.steps 5', 'masked-dreambooth, generation.steps 5'],
      'masked-dreambooth, patchTerm none',
    ]);
  });

  it('reads the settings files of docs/evaluation; one varies all that a researcher may want to', () => {
    const folder = join(import.meta.dirname, '../../../docs/evaluation');
    const read = (name: string) => readEvaluationFile(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names)
      expect(planCells(read(name), ['a', 'dog', 'cat', 'mug-alpine'])).not.toEqual([]);

    const file = read('sweep.json');
    const cells = planCells(file, ['a']);
    expect(new Set(cells.map(({ recipe }) => recipe)).size).toBe(cells.length);
    for (const [path, values] of Object.entries(file.sweep)) {
      const here = cells.filter(({ positives, point }) => positives !== 'real' && path in point);
      expect(new Set(here.map(({ point }) => JSON.stringify(point[path]))).size, path).toBe(values.length);
    }
  });

  it('names recipes that lack generated images', () => {
    const positives = ['real', 'dreambooth', 'combined'];
    expect(withoutImages(readEvaluationFile({ positives }))).toEqual(['dreambooth']);
    expect(withoutImages(readEvaluationFile({ positives, generation: { images: 2 } }))).toEqual([]);
    expect(withoutImages(readEvaluationFile({ positives, sweep: { 'generation.images': [0, 2] } }))).toEqual(
      [],
    );
  });
});

describe('settingsBehind', () => {
  const behind = (json: object, masked = true) =>
    planCells(readEvaluationFile(json), ['a']).map((cell) => settingsBehind(cell, masked));

  it('holds what presets say, so that a changed preset makes other cells', () => {
    const [real] = behind({ preset: 'quick', positives: ['real'], seeds: [7] });
    const { checkpointEvery: _, microBatch: __, preset: ___, ...training } = PRESETS.quick;
    expect(real!.training).toEqual({ ...training, seed: 7, positives: 'real' });
    expect(behind({ preset: 'quick', positives: ['real'] }, false)[0]!.training.patchTerm).toBeNull();
    const drawn = behind({ positives: ['masked-dreambooth'], generation: { images: 2 } })[1]!;
    expect(drawn.generation!.dreambooth).toMatchObject({
      learningRate: DREAMBOOTH_PRESETS.embedded.learningRate,
      masked: true,
    });
  });

  it('differs by what makes a difference, and by nothing else', () => {
    const base = behind({ positives: ['real'] });
    for (const json of [{ photos: 2 }, { preset: 'quick' }, { training: { steps: 5 } }, { dense: false }])
      expect(behind({ positives: ['real'], ...json })).not.toEqual(base);
    for (const json of [{ generation: { images: 5 } }, { training: { checkpointEvery: 3 } }, { tests: 3 }])
      expect(behind({ positives: ['real'], ...json })).toEqual(base);
  });
});
