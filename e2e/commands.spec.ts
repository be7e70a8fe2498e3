import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { copySamples, TINY } from './helpers.ts';

const ROOT = join(import.meta.dirname, '..');

/** Two samples in the reference layout: three photos with masks to learn from, one to test. */
function makeDataset(root: string): string {
  const data = join(root, 'toys');
  copySamples(data, [
    ['test', '00.jpg'],
    ['test_masks', '00.png'],
  ]);
  return data;
}

/** Commands that run: a test that is cut short must not leave one behind. */
const running = new Set<ChildProcess>();

/** Run one of the project's commands to its end. */
function run(script: string, options: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    // The tests' own server has built the app.
    const env = { ...process.env, FAMILIAR_NO_BUILD: '1' };
    const child = spawn(process.execPath, [join(ROOT, 'scripts', script), ...options], { cwd: ROOT, env });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, output });
    });
  });
}

test.describe('commands', () => {
  // The longest takes four minutes on a machine of its own; the limit tells a hang from a busy machine.
  test.setTimeout(1_200_000);
  let root: string;
  test.beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'familiar-commands-'));
  });
  test.afterEach(() => {
    for (const child of running) child.kill();
    rmSync(root, { recursive: true, force: true });
  });

  test('evaluate teaches, draws, judges, reports, and does nothing twice', async () => {
    const data = makeDataset(root);
    const out = join(root, 'out');
    const settings = join(root, 'settings.json');
    writeFileSync(
      settings,
      JSON.stringify({
        subjects: ['dog1'],
        // The row of real crops is there without being asked for.
        positives: ['combined'],
        training: { ...TINY, steps: 2 },
        generation: {
          ...{ images: 1, triesEach: 1, negatives: 1, steps: 1, guidance: 1, classWords: { dog1: 'dog' } },
          dreambooth: { steps: 1, views: 1 },
        },
      }),
    );
    const options = ['--data', data, '--settings', settings, '--out', out];
    const first = await run('evaluate.mjs', options);
    expect(first.output).toContain('2/2  dog1, combined, seed 1');
    expect(first.code).toBe(0);
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.cells.map(({ recipe }: { recipe: string }) => recipe).sort()).toEqual([
      ...['combined', 'pretrained', 'real'],
    ]);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');
    const [head, ...lines] = readFileSync(join(out, 'runs.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toContain('subject,recipe,positives,seed,');
    expect(lines.map((line) => line.split(',')[1])).toEqual(['pretrained', 'real', 'combined']);
    const [pool, others] = readdirSync(join(out, 'generated')).sort();
    expect(pool).toMatch(/^dog1--masked-dreambooth--/);
    expect(others).toMatch(/^others--dog--/);
    expect(JSON.parse(readFileSync(join(out, 'generated', pool!, 'pool.json'), 'utf8'))).toMatchObject({
      made: 1,
    });

    const again = await run('evaluate.mjs', options);
    expect(again.code).toBe(0);
    expect(again.output).not.toContain('combined, seed 1');

    const adapter = join(
      out,
      'adapters',
      readdirSync(join(out, 'adapters')).find((name) => /real/.test(name))!,
    );
    expect(existsSync(join(adapter, 'adapter_model.safetensors'))).toBe(true);
    const given = await run('evaluate.mjs', [
      ...['--data', data, '--subjects', 'dog1', '--adapter', adapter, '--out', join(root, 'given')],
    ]);
    expect(given.code).toBe(0);
    expect(given.output).toMatch(/1\/1 {2}dog1, adapter /);
    expect(given.output).toContain('No recipe was trained beside the adapters');
  });

  test('evaluate names what is wrong with its settings and its data', async () => {
    const wrong = join(root, 'wrong.json');
    writeFileSync(wrong, '{"positives": ["magic"]}');
    mkdirSync(join(root, 'empty'));
    const settings = await run('evaluate.mjs', [
      ...['--data', makeDataset(root), '--settings', wrong, '--out', join(root, 'out')],
    ]);
    expect(settings.code).not.toBe(0);
    expect(settings.output).toContain('not magic');
    const data = await run('evaluate.mjs', ['--data', join(root, 'empty'), '--out', join(root, 'out')]);
    expect(data.code).not.toBe(0);
    expect(data.output).toMatch(/train/);
  });

  test('generate learns, draws by captions and writes LoRA files; personalize writes an adapter', async () => {
    const data = makeDataset(root);
    const settings = join(root, 'dreambooth.json');
    writeFileSync(settings, JSON.stringify({ views: 1, validateEvery: 0, tokenLearningRate: 0.001 }));
    const out = join(root, 'generated');
    const drawn = await run('generate.mjs', [
      ...['--data', data, '--subject', 'dog1', '--class', 'dog', '--dreambooth', '1', '--settings', settings],
      ...['--captions', 'grammar', '--count', '1', '--steps', '1', '--cfg', '1', '--out', out],
    ]);
    expect(drawn.output).toContain('1 images on');
    expect(drawn.code).toBe(0);
    expect(readdirSync(join(out, 'lora')).sort()).toEqual([
      ...['kohya_lora.safetensors', 'learned_embeds.safetensors', 'pytorch_lora_weights.safetensors'],
    ]);
    const again = await run('generate.mjs', [
      ...['--lora', join(out, 'lora/pytorch_lora_weights.safetensors'), '--class', 'dog', '--count', '1'],
      ...['--steps', '1', '--cfg', '1', '--captions', 'grammar', '--out', join(root, 'again')],
    ]);
    expect(again.code).toBe(0);
    expect(
      readFileSync(join(root, 'again/images/0000.png')).equals(readFileSync(join(out, 'images/0000.png'))),
    ).toBe(true);
    const refused = await run('generate.mjs', ['--captions', 'poems', '--out', out]);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('--captions is vanilla, scenes, grammar, not poems.');

    const nowhere = await run('personalize.mjs', ['--backend', 'abacus', '--out', out]);
    expect(nowhere.code).not.toBe(0);
    expect(nowhere.output).toContain('--backend is auto, cpu or webgpu, not abacus.');

    // What real folders hold: a name that addresses give a meaning to, a broken picture, a file of macOS, a dead link.
    const tests = join(data, 'test/dog1');
    cpSync(join(tests, '00.jpg'), join(tests, 'why? #1.jpg'));
    writeFileSync(join(tests, '01.jpg'), 'no picture');
    writeFileSync(join(tests, '._00.jpg'), 'a fork');
    symlinkSync('/nowhere/at/all', join(data, 'train/old-dog'));
    const tiny = join(root, 'tiny.json');
    writeFileSync(tiny, JSON.stringify({ ...TINY, steps: 2 }));
    const taught = await run('personalize.mjs', [
      ...['--data', data, '--subject', 'dog1', '--settings', tiny, '--others', '1'],
      ...['--backend', 'cpu', '--out', join(root, 'taught')],
    ]);
    expect(taught.code).toBe(0);
    const { device, pictures } = JSON.parse(readFileSync(join(root, 'taught/scores.json'), 'utf8'));
    expect(device).toMatch(/^CPU WebAssembly/);
    expect(pictures.pretrained.map(({ name }: { name: string }) => name)).toEqual([
      ...['00.jpg', 'why? #1.jpg', 'mug1/00.jpg'],
    ]);
    expect(readdirSync(join(root, 'taught/maps')).sort()).toEqual([
      ...['00.object-minus-background.png', '00.reference.png'],
      ...['why? #1.object-minus-background.png', 'why? #1.reference.png'],
    ]);
    expect(taught.output).toContain('01.jpg is left out: it is not a picture.');
    expect(taught.output).toContain('train/old-dog is left out: a link that leads nowhere.');
    expect(taught.output).toContain('test/dog1/._00.jpg is left out: put there by the system or a program.');
  });
});
