import { describe, expect, it } from 'vitest';
import type { TaskScores } from '../tasks/scores.ts';
import { METRICS } from './cells.ts';
import { type Run, runsCsv } from './runsCsv.ts';

const scores = (prAuc: number): TaskScores => ({
  ...{ pictures: 4, positives: 2, classification: { prAuc } },
  ...{ retrieval: null, detection: null, segmentation: null, patchAp: null },
});
const seconds = { training: 2.04, judging: 1 };
const runs: Run[] = [
  {
    ...{ subject: 'dog, "6"', recipe: 'pretrained', seed: null, seconds: { training: 0, judging: 1 } },
    scores: { overall: scores(0.5), shifts: { pose: scores(0.25) } },
  },
  {
    ...{ subject: 'dog, "6"', recipe: 'real, rank 4', positives: 'real', seed: 1, seconds },
    ...{ point: { 'training.lora.rank': 4, 'training.patchTerm': null }, generated: 3 },
    scores: { overall: scores(0.75), shifts: { pose: scores(0.125) } },
  },
];

describe('runsCsv', () => {
  const [head, ...lines] = runsCsv(runs).trimEnd().split('\n');
  const columns = head!.split(',');

  it('has a line a run and shift, and a column a swept setting and metric', () => {
    expect(lines).toHaveLength(4);
    expect(columns).toContain('training.lora.rank');
    for (const { id } of METRICS) expect(columns).toContain(id);
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('says what a run was, with the pretrained value of the same shift beside each number', () => {
    const fields = (line: string) => {
      const rest = line.replace('"dog, ""6""",', '').replace('"real, rank 4"', 'real').split(',');
      return Object.fromEntries(columns.slice(1).map((name, i) => [name, rest[i]]));
    };
    expect(lines[0]!.startsWith('"dog, ""6""",pretrained,')).toBe(true);
    expect(fields(lines[0]!)).toMatchObject({ seed: '', shift: 'all', prAuc: '0.5', prAuc_pretrained: '' });
    expect(fields(lines[2]!)).toMatchObject({
      ...{ positives: 'real', seed: '1', 'training.lora.rank': '4', 'training.patchTerm': 'null' },
      ...{ shift: 'all', prAuc: '0.75', prAuc_pretrained: '0.5', ndcg: '', training_seconds: '2.0' },
      generated_images: '3',
    });
    expect(fields(lines[3]!)).toMatchObject({ shift: 'pose', prAuc: '0.125', prAuc_pretrained: '0.25' });
  });
});
