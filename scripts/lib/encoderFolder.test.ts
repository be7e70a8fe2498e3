import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findEncoder } from './encoderFolder.mjs';
import { adapterCells } from './evaluate/adapters.mjs';

const root = mkdtempSync(join(tmpdir(), 'familiar-folders-'));
afterAll(() => rmSync(root, { recursive: true }));

const STRANGE = 'Tom & Jerry #1+, ;=@?%41 ポチ';

function folder(path: string, names: string[]): string {
  const full = join(root, path);
  mkdirSync(full, { recursive: true });
  for (const name of names) writeFileSync(join(full, name), name);
  return full;
}

describe('findEncoder', () => {
  it('serves the files of a folder of any name, without hidden ones', async () => {
    const extra: Record<string, string> = {};
    const path = folder(STRANGE, ['config.json', 'a #1.safetensors', '._config.json', 'notes.txt']);
    expect(await findEncoder(path, extra)).toEqual({
      ...{ kind: 'urls', name: STRANGE, hub: null },
      urls: [
        { name: 'a #1.safetensors', url: '/encoder/a%20%231.safetensors' },
        { name: 'config.json', url: '/encoder/config.json' },
      ],
    });
    expect(extra).toEqual({ '/encoder/': path });
  });

  it('says what is no encoder', async () => {
    await expect(findEncoder(join(root, 'none'), {})).rejects.toThrow('no id of the model hub');
    const file = join(folder('one', ['config.json']), 'config.json');
    await expect(findEncoder(file, {})).rejects.toThrow('is a file. Give the folder');
  });
});

describe('adapterCells', () => {
  const both = ['adapter_config.json', 'adapter_model.safetensors'];
  const urlsOf = (adapters: string, subjects: string[]) =>
    adapterCells(adapters, {}, subjects).map(
      ({ subject, adapter }: { subject: string; adapter: { url: string }[] }) => [
        subject,
        ...adapter.map(({ url }) => url),
      ],
    );

  it('finds adapters in folders named like subjects, in any spelling of accents', () => {
    folder(join('many', STRANGE), [...both, '._adapter_config.json']);
    folder(join('many', 'Zoe\u0308'), [
      'adapter_config (1).json',
      'adapter_model (1).safetensors',
      'README.md',
    ]);
    folder(join('many', 'none'), ['x.txt']);
    expect(urlsOf(join(root, 'many'), [STRANGE, 'Zo\u00EB', 'none', 'gone'])).toEqual([
      [STRANGE, ...both.map((name) => `/adapters/${encodeURIComponent(STRANGE)}/${name}`)],
      [
        'Zo\u00EB',
        '/adapters/Zoe%CC%88/adapter_config%20(1).json',
        '/adapters/Zoe%CC%88/adapter_model%20(1).safetensors',
      ],
    ]);
  });

  it('takes one adapter for one subject, also by other names, and says what is missing', () => {
    const one = folder('single', ['rex.json', 'rex.safetensors']);
    expect(urlsOf(one, ['Rex'])).toEqual([['Rex', '/adapters/rex.json', '/adapters/rex.safetensors']]);
    expect(() => adapterCells(one, {}, ['Rex', 'Tom'])).toThrow('name it with --subjects');
    expect(() => adapterCells(folder('empty', []), {}, ['Rex'])).toThrow('There is no adapter');
    expect(() => adapterCells(join(one, 'rex.json'), {}, ['Rex'])).toThrow('is a file');
  });
});
