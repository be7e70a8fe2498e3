import { describe, expect, it } from 'vitest';
import { HubError } from './errors.ts';
import { fileUrl, formatModelId, parseModelId } from './modelId.ts';

describe('model ids', () => {
  it.each([
    ['facebook/dinov2-small', 'facebook/dinov2-small', 'main'],
    [' facebook/dinov2-small@main ', 'facebook/dinov2-small', 'main'],
    ['a.b/c_d@refs/pr/1', 'a.b/c_d', 'refs/pr/1'],
  ])('reads %s', (text, repository, revision) => {
    expect(parseModelId(text)).toEqual({ repository, revision });
  });

  it.each([
    'dinov2',
    'a/b/c',
    'a/b@',
    'https://x/a/b',
    '../b',
    'a/..',
    'a/b@../c',
    'a/b@c//d',
    'a/b c',
    '',
  ])('refuses "%s"', (text) => {
    expect(() => parseModelId(text)).toThrow(HubError);
    expect(() => parseModelId(text)).toThrow(/owner\/name/);
  });

  it('writes them back, without the default revision', () => {
    expect(formatModelId(parseModelId('a/b@main'))).toBe('a/b');
    expect(formatModelId(parseModelId('a/b@v1'))).toBe('a/b@v1');
  });

  it('makes addresses', () => {
    expect(fileUrl('http://hub/', parseModelId('a/b@refs/pr/1'), 'config.json')).toBe(
      'http://hub/a/b/resolve/refs%2Fpr%2F1/config.json',
    );
  });
});
