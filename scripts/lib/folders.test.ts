import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSubject, pictures } from './dataFolder.mjs';
import { namedSubjects } from './evaluate/settings.mjs';
import { addressOf, answerFile } from './folderFiles.mjs';
import { listFolder } from './listFolder.mjs';
import { readJson } from './text.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'familiar-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string | Buffer = path): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

describe('listFolder', () => {
  it('follows links to files and folders, and names those that lead nowhere or in a circle', () => {
    write('photos/a.jpg');
    mkdirSync(join(root, 'set/train'), { recursive: true });
    symlinkSync(join(root, 'photos'), join(root, 'set/train/dog'));
    symlinkSync(join(root, 'photos/a.jpg'), join(root, 'set/train/b.jpg'));
    symlinkSync('/nowhere/at/all', join(root, 'set/train/old-dog'));
    symlinkSync('.', join(root, 'set/again'));
    symlinkSync('loop', join(root, 'set/loop'));
    expect(listFolder(join(root, 'set'))).toEqual({
      paths: ['train/b.jpg', 'train/dog/a.jpg'],
      leftOut: [
        { path: 'again', reason: 'a link to a folder that it is in' },
        { path: 'loop', reason: 'a link that leads in a circle' },
        { path: 'train/old-dog', reason: 'a link that leads nowhere' },
      ],
    });
  });

  it('names a file whose name is not in UTF-8', () => {
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x5a, 0x6f, 0xeb]), Buffer.from('.jpg')]),
      'x',
    );
    expect(listFolder(root)).toEqual({
      paths: [],
      leftOut: [{ path: 'Zo\uFFFD.jpg', reason: 'the name is not in UTF-8' }],
    });
  });
});

describe('files by address', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (!answerFile(join(root, 'data'), request.url!.slice('/data/'.length), response))
        response.writeHead(404).end();
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  });
  afterEach(() => new Promise((done) => void server.close(done)));
  const get = (address: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${address}`);

  it.each([
    'Tom & Jerry/IMG #1.jpg',
    '50%.jpg',
    'why?.jpg',
    'p=q;r,s.jpg',
    'x@2x.jpg',
    'c+d.jpg',
    'Zoe\u0308 (2).jpg',
    'a%20b.jpg',
    "it's $5: [1] {2} ~`^|.jpg",
    'ポチ/00.jpg',
    '..jpg',
  ])('serves %s', async (path) => {
    write(`data/${path}`);
    const response = await get(addressOf('/data/', path));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(`data/${path}`);
  });

  it('serves nothing from outside, no folders, and refuses what is not encoded', async () => {
    write('secret.txt');
    write('data/a/b.jpg');
    write('data2/c.jpg');
    for (const address of [
      '/data/..%2Fsecret.txt',
      '/data/%2e%2e/secret.txt',
      '/data/a',
      '/data/50%.jpg',
      '/data/',
      '/data/..%2Fdata2%2Fc.jpg',
      '/data/none.jpg',
    ])
      expect((await get(address)).status, address).toBe(404);
  });
});

describe('subjects and pictures', () => {
  it('finds a subject however its accents are coded', () => {
    const subjects = [
      { name: 'empty', train: [] },
      { name: 'Zo\u00EB', train: [{}] },
    ];
    expect(findSubject({ subjects }, 'Zoe\u0308')).toBe(subjects[1]);
    expect(findSubject({ subjects }, undefined)).toBe(subjects[1]);
    expect(findSubject({ subjects }, 'x')).toBeUndefined();
  });

  it('reads names that hold commas out of --subjects', () => {
    const known = ['Zo\u00EB', 'Tom, Jerry', 'a', 'a,b'];
    expect(namedSubjects(['Zoe\u0308', 'Tom', ' Jerry'], known)).toEqual(['Zo\u00EB', 'Tom, Jerry']);
    expect(namedSubjects(['a', 'b', 'a', 'none'], known)).toEqual(['a,b', 'a', 'none']);
  });

  it('calls pictures by their file names, or by their paths where two share one', () => {
    const names = (paths: string[]) =>
      pictures(paths.map((path) => ({ path, mask: null }))).map(({ name }: { name: string }) => name);
    expect(names(['test/dog/a.jpg', 'test/dog/x/b.jpg'])).toEqual(['a.jpg', 'b.jpg']);
    expect(names(['test/dog/a.jpg', 'test/dog/x/a.jpg'])).toEqual(['test/dog/a.jpg', 'test/dog/x/a.jpg']);
  });

  it('reads JSON as editors of Windows save it', () => {
    write('a.json', '\uFEFF{"a": 1}');
    write('b.json', Buffer.from('\uFEFF{"a": "ポ"}', 'utf16le'));
    expect(readJson(join(root, 'a.json'))).toEqual({ a: 1 });
    expect(readJson(join(root, 'b.json'))).toEqual({ a: 'ポ' });
  });
});
