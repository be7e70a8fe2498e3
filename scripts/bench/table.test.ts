import { expect, it } from 'vitest';
import { count, mebibytes, number, percent, tableLines } from './table.mjs';

it('aligns the first and the last column left, numbers right', () => {
  const rows = [
    ['a', 1, 'x'],
    ['long', 22, ''],
  ];
  expect(tableLines('Title', ['', 'ms', 'note'], rows)).toEqual([
    '',
    'Title',
    '        ms  note',
    '  a      1  x',
    '  long  22',
  ]);
});

it('writes numbers with about three digits', () => {
  expect([1234.5, 99.94, 12.345, 1.2345, 0.012].map(number)).toEqual([
    '1235',
    '99.9',
    '12.3',
    '1.23',
    '0.01',
  ]);
  expect([percent(0.876), mebibytes(3 * 2 ** 19)]).toEqual(['88 %', '1.50 MB']);
  expect([count(1, 'layer'), count(2, 'layer')]).toEqual(['1 layer', '2 layers']);
});
