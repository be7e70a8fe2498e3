/** PyTorch beside us, where a Python with it is given. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../lib/install.mjs';

/**
 * Time the embedded encoder in PyTorch.
 * @param {string | undefined} python path of a Python with torch and transformers
 * @returns {{result: any} | {problem: string}} what `pytorch.py` printed, or why there is nothing
 */
export function timePytorch(python) {
  if (!python) return { problem: 'no Python was given (--python PATH or FAMILIAR_PYTHON)' };
  const check = spawnSync(python, ['-c', 'import torch, transformers'], { encoding: 'utf8' });
  if (check.status !== 0) {
    const reason = check.error?.message ?? lastLine(check.stderr);
    return { problem: `${python} has no torch with transformers: ${reason}` };
  }
  const script = join(ROOT, 'scripts/bench/pytorch.py');
  const run = spawnSync(python, [script, join(ROOT, 'public/models/encoder')], { encoding: 'utf8' });
  if (run.status !== 0) return { problem: run.error?.message ?? lastLine(run.stderr) };
  return { result: JSON.parse(lastLine(run.stdout)) };
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}
