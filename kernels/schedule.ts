/**
 * Runs the ring of commands. Thread 0 (the engine's own) calls `run` for a slice of time; the others sit in `serve`. For each
 * command, threads take its tasks one by one from a shared counter; a command begins when all tasks of the one before are done.
 */
import {
  COMMAND_ARGUMENTS,
  COMMAND_BYTES,
  COMMAND_DONE,
  COMMAND_NEXT,
  COMMAND_TASKS,
  END,
  ENTERED,
  EPOCH,
  FIRST,
  OPEN,
  QUIT,
  RING,
  RING_END,
  STOP,
} from './command';
import { runKernel } from './dispatch';

@external("host", "now")
declare function now(): f64;

/** Scratch memory of this thread. */
export let scratch: usize = 0;

/** Whether this thread may sleep; a page's own must not. */
let sleeps: bool = false;

/** Turns of waiting for work or for other threads before the thread sleeps: some ten microseconds, about what waking up takes. */
const SPINS: i32 = 4000;
/** Milliseconds of waiting after which a thread that has not finished its task counts as dead. */
const DEAD: f64 = 20000;
/** Longest sleep in nanoseconds of the leading thread, between looks at the clock. */
const NAP: i64 = 100000000;

/** Must be called once by every thread, with a scratch memory of its own. */
export function start(memory: usize, maySleep: bool): void {
  scratch = memory;
  sleeps = maySleep;
}

/**
 * Run commands from `first` up to, not including, `end`, until all are done or `deadline` (of `now`) is past.
 * @returns the first command that is not done; `end` when all are; 0 when another thread died
 */
export function run(first: usize, end: usize, deadline: f64, helpers: i32): usize {
  if (helpers > 0) {
    store<usize>(FIRST, first);
    store<usize>(END, end);
    atomic.store<i32>(STOP, 0);
    atomic.store<i32>(OPEN, 1);
    atomic.add<i32>(EPOCH, 1);
    atomic.notify(EPOCH, helpers);
  } else {
    atomic.store<i32>(STOP, 0);
  }
  const reached = walk(first, end, true, deadline);
  if (helpers > 0) {
    // Whoever entered is finishing a task; whoever wakes up now finds the slice closed.
    atomic.store<i32>(STOP, 1);
    atomic.store<i32>(OPEN, 0);
    const since = now();
    while (true) {
      const entered = atomic.load<i32>(ENTERED);
      if (entered == 0) break;
      if (!pause(ENTERED, entered, true, since)) return 0;
    }
  }
  return reached;
}

/** The loop of a helping thread; returns when QUIT is set. */
export function serve(): void {
  let seen: i32 = 0;
  while (true) {
    while (atomic.load<i32>(EPOCH) == seen) pause(EPOCH, seen, false, 0);
    seen = atomic.load<i32>(EPOCH);
    if (atomic.load<i32>(QUIT)) return;
    atomic.add<i32>(ENTERED, 1);
    if (atomic.load<i32>(OPEN)) walk(load<usize>(FIRST), load<usize>(END), false, 0);
    if (atomic.sub<i32>(ENTERED, 1) == 1) atomic.notify(ENTERED, 1);
  }
}

/**
 * Wait while the word at `address` is `value`: for some turns, then asleep until someone notifies. May return early.
 * @param since when the leading thread began to wait: slices without a deadline end too when a thread is dead
 * @returns false when the leading thread has waited longer than any task takes
 */
function pause(address: usize, value: i32, leads: bool, since: f64): bool {
  for (let turns = SPINS; turns > 0; turns--) {
    if (atomic.load<i32>(address) != value) return true;
  }
  if (sleeps) atomic.wait<i32>(address, value, leads ? NAP : -1);
  return !leads || now() < since + DEAD;
}

function walk(first: usize, end: usize, leads: bool, deadline: f64): usize {
  let command = first;
  while (command != end) {
    const op = load<i32>(command);
    const tasks = load<i32>(command, COMMAND_TASKS);
    while (true) {
      if (atomic.load<i32>(STOP)) return command;
      const task = atomic.add<i32>(command + COMMAND_NEXT, 1);
      if (task >= tasks) break;
      runKernel(op, command + COMMAND_ARGUMENTS, task, tasks);
      if (atomic.add<i32>(command + COMMAND_DONE, 1) == tasks - 1) atomic.notify(command + COMMAND_DONE, -1);
      if (leads && now() >= deadline) atomic.store<i32>(STOP, 1);
    }
    let since: f64 = 0;
    while (true) {
      const done = atomic.load<i32>(command + COMMAND_DONE);
      if (done >= tasks) break;
      if (atomic.load<i32>(STOP)) return command;
      if (leads && since == 0) since = now();
      if (!pause(command + COMMAND_DONE, done, leads, since)) return 0;
    }
    command += COMMAND_BYTES;
    if (command == load<usize>(RING_END)) command = RING;
  }
  return command;
}
