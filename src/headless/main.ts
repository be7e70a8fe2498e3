/**
 * The app without its page, for `npm run personalize`, `npm run golden` and `npm run bench`: the same engine, driven by
 * Node through the functions put on `globalThis.familiar`.
 */

import { readDreamBoothSettings } from '../diffusion/dreambooth/readSettings.ts';
import { readSettings } from '../personalize/readSettings.ts';
import { cpuJobs } from './bench/cpu/jobs.ts';
import { runBench } from './bench/run.ts';
import { evaluation } from './evaluate/page.ts';
import { readFolderSource } from './folder.ts';
import { runGenerate } from './generate/run.ts';
import { runGolden } from './golden/run.ts';
import { runPersonalize } from './personalize/run.ts';

Object.assign(globalThis, {
  familiar: {
    readFolder: readFolderSource,
    readSettings,
    readDreamBoothSettings,
    runGenerate,
    runBench,
    cpuJobs,
    evaluation,
    runGolden,
    runPersonalize,
  },
});
