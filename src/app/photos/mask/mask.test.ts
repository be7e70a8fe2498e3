import { describe, expect, it } from 'vitest';
import { copyMask, emptyMask, maskShare, paintStroke } from './brush.ts';
import { pushHistory, redo, startHistory, undo } from './history.ts';

describe('paintStroke', () => {
  it('paints a disc for a point and a capsule for a line', () => {
    const mask = emptyMask(40, 30);
    paintStroke(mask, { x: 10, y: 10 }, { x: 10, y: 10 }, 5, 255);
    expect(maskShare(mask) * 1200).toBeGreaterThan(Math.PI * 25 * 0.9);
    expect(maskShare(mask) * 1200).toBeLessThan(Math.PI * 25 * 1.1);
    const line = emptyMask(40, 30);
    paintStroke(line, { x: 10, y: 15 }, { x: 30, y: 15 }, 4, 255);
    expect([line.data[15 * 40 + 20], line.data[10 * 40 + 20], line.data[15 * 40 + 5]]).toEqual([255, 0, 0]);
  });

  it('erases, and stays on the photo', () => {
    const mask = emptyMask(8, 8);
    paintStroke(mask, { x: -3, y: -3 }, { x: 20, y: 20 }, 30, 255);
    expect(maskShare(mask)).toBe(1);
    const before = copyMask(mask);
    paintStroke(mask, { x: 4, y: 4 }, { x: 4, y: 4 }, 2, 0);
    expect(maskShare(mask)).toBeLessThan(1);
    expect(maskShare(before)).toBe(1);
  });
});

describe('history', () => {
  it('goes back and forth, and forgets what was undone after a new step', () => {
    let history = pushHistory(pushHistory(startHistory('a'), 'b'), 'c');
    history = undo(undo(history));
    expect(history.present).toBe('a');
    expect(undo(history)).toBe(history);
    history = redo(history);
    expect(history.present).toBe('b');
    history = pushHistory(history, 'd');
    expect(redo(history)).toBe(history);
    expect(undo(history).present).toBe('b');
  });

  it('keeps a bounded number of steps', () => {
    let history = startHistory(0);
    for (let i = 1; i <= 100; i++) history = pushHistory(history, i);
    expect(history.past).toHaveLength(30);
  });
});
