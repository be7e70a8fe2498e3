import { describe, expect, it } from 'vitest';
import { cellName, DEFAULTS, EvaluationFileError, planCells, readEvaluationFile } from './plan.ts';

describe('readEvaluationFile', () => {
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
  ])('names what is wrong with %j', (json, message) => {
    expect(() => readEvaluationFile(json)).toThrow(EvaluationFileError);
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
});
