import { expect, it } from 'vitest';
import { outputStems } from './outputStems.ts';

it('gives every picture files of its own name', () => {
  expect(outputStems(['00.jpg', '01.jpg', 'a/02.png'])).toEqual(['00', '01', 'a_02']);
  expect(outputStems(['00.jpg', '00.png', '01.jpg'])).toEqual(['00.jpg', '00.png', '01']);
  expect(outputStems(['a/b.jpg', 'a_b.jpg', 'a_b.jpg'])).toEqual(['a_b.jpg', 'a_b.jpg-2', 'a_b.jpg-3']);
});
