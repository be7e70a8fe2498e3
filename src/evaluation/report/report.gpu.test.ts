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
      ...{ pretrained: 0.9, personalized: 0.4, source: 'data:image/jpeg;base64,AAAA' },
      ...{ scale: [-0.125, 0.75], mode: 'reference' },
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
    // Two points of the recipe, two of the level line of the pretrained encoder.
    expect(varied.querySelectorAll('circle')).toHaveLength(4);
    expect(varied.textContent).toContain('training.steps');
  });

  it('draws error bars over the seeds of what was varied, where there are several', () => {
    const varied = (...cells: ReportCell[]) => {
      const html = renderReport({ ...input, cells: [cell('pretrained', null, 0.5), ...cells] });
      const parsed = new DOMParser().parseFromString(html, 'text/html');
      return [...parsed.querySelectorAll('section')].find(
        (part) => part.querySelector('h2')!.textContent === 'What was varied',
      )!;
    };
    const five = [cell('real, steps 5', 1, 0.5, 5), cell('real, steps 5', 2, 0.7, 5)];
    const curves = varied(...five, cell('real, steps 9', 1, 0.75, 9));
    const lines = curves.querySelectorAll('.error-bar line');
    expect(lines).toHaveLength(1);
    expect(curves.textContent).toContain('Error bars are the standard error of the mean over the seeds');
    // The scale is straight: from the points at 0.6 and 0.75 follows where 0.5 and 0.7 are, one standard error (0.1) off.
    const dots = [...curves.querySelectorAll('[aria-label="dot"] circle')].map((dot) =>
      Number(dot.getAttribute('cy')),
    );
    const [, , low, high] = dots.sort((a, b) => b - a);
    const tenth = ((low! - high!) / 0.15) * 0.1;
    const ends = ['y1', 'y2'].map((name) => Number(lines[0]!.getAttribute(name))).sort((a, b) => b - a);
    expect(ends[0]).toBeCloseTo(low! + tenth, 3);
    expect(ends[1]).toBeCloseTo(low! - tenth, 3);

    const words = five.map((one, i) => ({ ...one, point: { loss: 'infonce' }, recipe: 'a', seed: i }));
    const other = { ...cell('b', 1, 0.4), point: { loss: 'triplet' } };
    expect(varied(...words, other).querySelectorAll('.error-bar line')).toHaveLength(1);
    expect(varied(cell('a', 1, 0.4, 5), cell('b', 1, 0.5, 9)).textContent).not.toContain('Error bars');
  });

  it('leaves bars of all rows out where a sweep has too many to tell apart', () => {
    const sections = (count: number) => {
      const rows = Array.from({ length: count }, (_, i) => cell(`real, steps ${i + 1}`, 1, 0.5, i + 1));
      const html = renderReport({ ...input, cells: [cell('pretrained', null, 0.5), ...rows] });
      const parsed = new DOMParser().parseFromString(html, 'text/html');
      const [all, byShift] = parsed.querySelectorAll('section');
      return [all!, byShift!].map((part) => part.querySelectorAll('figure.plot').length);
    };
    expect(sections(3)).toEqual([1, 1]);
    expect(sections(12)).toEqual([0, 0]);
  });

  it('shows the scale that both maps of an example share', () => {
    const scale = page.querySelector<HTMLElement>('figure .scale')!;
    expect(scale.textContent).toBe('-0.130.75');
    expect(scale.querySelector('span')!.style.background).toMatch(/^linear-gradient\(90deg, rgb/);
  });

  it('colours what got worse in one shift too', () => {
    const shift = [...page.querySelectorAll('section')].find(
      (part) => part.querySelector('h2')!.textContent === 'By shift',
    )!;
    const bad = [...shift.querySelectorAll('td.bad')];
    expect(bad.map(({ textContent }) => textContent)).toEqual(['0.125']);
    expect(bad[0]!.getAttribute('title')).toBe('−0.125 to pretrained');
  });

  it('draws bars over words, and keeps the curves of a grid apart', () => {
    const varied = (cells: ReportCell[]) => {
      const html = renderReport({ ...input, cells: [cell('pretrained', null, 0.5), ...cells] });
      const parsed = new DOMParser().parseFromString(html, 'text/html');
      return [...parsed.querySelectorAll('section')].find(
        (part) => part.querySelector('h2')!.textContent === 'What was varied',
      );
    };
    const at = (recipe: string, point: Record<string, unknown>, prAuc: number): ReportCell => ({
      ...cell(recipe, 1, prAuc),
      point,
    });
    const words = varied([
      at('real, targets qkv', { 'training.lora.targets': 'qkv' }, 0.6),
      at('real, targets qkv+output', { 'training.lora.targets': 'qkv+output' }, 0.7),
    ])!;
    expect(words.querySelectorAll('[aria-label="bar"] rect')).toHaveLength(4);
    expect(words.textContent).toContain('by training.lora.targets');
    const none = varied([
      at('real, patchTerm none', { 'training.patchTerm': null }, 0.6),
      at('real, patchTerm x', { 'training.patchTerm': { weight: 1, temperature: 0.1 } }, 0.7),
    ])!;
    expect(none.textContent).toContain('none');
    const grid = varied(
      [1, 3].flatMap((photos) =>
        [4, 8].map((rank) =>
          at(`real, photos ${photos}, rank ${rank}`, { photos, 'training.lora.rank': rank }, 0.6),
        ),
      ),
    )!;
    // Over photos: ranks 4 and 8; over ranks: photos 1 and 3; the pretrained encoder in each.
    expect(grid.querySelectorAll('[aria-label="line"] path')).toHaveLength(6);
  });
});
