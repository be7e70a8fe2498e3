import { expect, it } from 'vitest';
import { stageClock } from './stageClock.ts';

it('adds up the seconds of each stage, loading first', () => {
  let time = 5000;
  const clock = stageClock(() => time);
  const after = (milliseconds: number, stage: string) => {
    time += milliseconds;
    clock.enter(stage);
  };
  after(500, 'views');
  after(1000, 'training');
  after(250, 'training');
  after(250, 'views');
  time += 2000;
  expect(clock.stop()).toEqual({ seconds: 4, stages: { loading: 0.5, views: 3, training: 0.5 } });
});
