import { expect, it } from 'vitest';
import { chosenJobs, JOBS, PYTORCH } from './jobs.mjs';

it('chooses jobs by name, all when nothing is said', () => {
  expect(chosenJobs(undefined)).toEqual([...JOBS.map(({ name }) => name), PYTORCH]);
  expect(chosenJobs('products,pytorch')).toEqual(['products', 'pytorch']);
});

it('refuses what it does not know, by name', () => {
  expect(() => chosenJobs('products,warp')).toThrow(/--only takes products, .*pytorch, not warp\./);
  expect(() => chosenJobs(true)).toThrow(/not true/);
});
