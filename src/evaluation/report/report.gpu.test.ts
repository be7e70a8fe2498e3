import { describe, expect, it } from 'vitest';
import type { TaskScores } from '../tasks/scores.ts';
import { renderReport } from './report.ts';
import type { ReportCell, ReportInput } from './types.ts';

const scores = (prAuc: number): TaskScores => ({
  ...{ pictures: 4, positives: 2, classification: { prAuc }, retrieval: null },
  ...{ detection: null, segmentation: null, patchAp: null },
});
const cell = (recipe: string, seed: number | null, prAuc: number, steps?: number): ReportCell => ({
  ...{ subject: 'dog <6>', recipe, seed, seconds: { training: 2, judging: 1 } },
  scores: { overall: scores(prAuc), shifts: { pose: scores(prAuc / 2) } },
  point: steps === undefined ? {} : { 'training.steps': steps },
});
const input: ReportInput = {
  ...{
    title: 'Dogs & cats',
    about: ['one'],
    notes: ['mask <missing>'],
    missing: 2,
    pools: [],
    settings: { a: 1 },
  },
  cells: [
    cell('pretrained', null, 0.5),
    cell('real, steps 5', 1, 0.25, 5),
    cell('real, steps 9', 1, 0.75, 9),
  ],
  examples: [
    {
      ...{ subject: 'dog <6>', recipe: 'real, steps 5', image: 'a.jpg', kind: 'worse', measure: 'patch AP' },
      ...{ pretrained: 0.9, personalized: 0.4, source: 'data:image/png;base64,AAAA' },
    },
  ],
};

describe('renderReport', () => {
  const page = new DOMParser().parseFromString(renderReport(input), 'text/html');
  const text = page.body.textContent ?? '';

  it('is one page that asks for nothing', () => {
    expect(page.querySelectorAll('script, link, iframe')).toHaveLength(0);
    for (const image of page.querySelectorAll('img')) expect(image.getAttribute('src')).toMatch(/^data:/);
    expect(page.title).toBe('Dogs & cats');
    expect(text).toContain('mask <missing>');
    expect(text).toContain('2 of the planned runs are not there yet.');
  });

  it('shows what got worse like what got better', () => {
    const marks = [...page.querySelectorAll('td.good, td.bad')].map((cell) => [
      cell.className,
      cell.textContent,
    ]);
    expect(marks).toContainEqual(['bad', '−0.250, 0↑ 1↓']);
    expect(marks).toContainEqual(['good', '+0.250, 1↑ 0↓']);
    expect(page.querySelector('figcaption .bad')!.textContent).toBe('patch AP 0.900 → 0.400');
  });

  it('has rows by recipe, a table and bars a shift, and a curve of what was varied', () => {
    const headings = [...page.querySelectorAll('h2')].map(({ textContent }) => textContent);
    expect(headings).toEqual([
      ...['All subjects', 'By shift', 'What was varied', 'Single subjects'],
      ...['Every number', 'Examples', 'Time', 'Settings'],
    ]);
    const varied = [...page.querySelectorAll('section')].find(
      (part) => part.querySelector('h2')!.textContent === 'What was varied',
    )!;
    expect(varied.querySelectorAll('circle')).toHaveLength(2);
    expect(varied.textContent).toContain('training.steps');
  });
});
