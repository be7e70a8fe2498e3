import { describe, expect, it } from 'vitest';
import { encoderLabel, localEncoderId } from '../weights/encoderId.ts';
import { adapterFit } from './fit.ts';

const DIGEST = '0123456789ab';
const OTHER = 'ba9876543210';

describe('adapterFit', () => {
  it.each([
    ['embedded', 'embedded'],
    ['facebook/dinov2-small', 'facebook/dinov2-small'],
    ['Facebook/DINOv2-small', 'facebook/dinov2-small'],
    [' facebook/dinov2-small\n', 'facebook/dinov2-small'],
    ['facebook/dinov2-small@main', 'facebook/dinov2-small'],
    ['facebook/dinov2-small', 'facebook/dinov2-small@main'],
    ['https://huggingface.co/facebook/dinov2-small/', 'facebook/dinov2-small'],
    ['https://huggingface.co/facebook/dinov2-small/tree/v2', 'facebook/dinov2-small@v2'],
    ['o/m@refs/pr/4', 'o/m@refs/pr/4'],
    [localEncoderId('mine', DIGEST), localEncoderId('mine', DIGEST)],
    [localEncoderId('renamed folder @home', DIGEST), localEncoderId('mine', DIGEST)],
  ])('%j was made for %j', (base, encoder) => {
    expect(adapterFit(base, encoder)).toBe('same');
  });

  it.each([
    [null],
    [undefined],
    [''],
    ['  '],
    ['/home/me/models/dinov2'],
    ['./dinov2'],
    ['../models/dinov2'],
    ['~/dinov2'],
    ['C:\\models\\dinov2'],
    ['C:/models/dinov2'],
    ['models\\dinov2'],
    ['checkpoints/dinov2/'],
    ['a/b/c'],
    ['dinov2_vits14'],
    ['my model'],
    ['local:files'],
    ['local:facebook/dinov2-small'],
    ['local:mine@0123'],
  ])('%j names no encoder', (base) => {
    for (const encoder of [
      'embedded',
      'facebook/dinov2-small',
      localEncoderId('files', DIGEST),
      'local:files',
    ])
      expect(adapterFit(base, encoder)).toBe('unnamed');
  });

  it.each([
    ['embedded', 'facebook/dinov2-small'],
    ['facebook/dinov2-small', 'embedded'],
    ['facebook/dinov2-small', 'facebook/dinov2-base'],
    ['facebook/dinov2-small', 'me/dinov2-small'],
    ['facebook/dinov2-small@v1', 'facebook/dinov2-small'],
    ['o/m@V1', 'o/m@v1'],
    ['facebook/dinov2-small', localEncoderId('facebook/dinov2-small', DIGEST)],
    [localEncoderId('mine', DIGEST), localEncoderId('mine', OTHER)],
    [localEncoderId('mine', DIGEST), 'embedded'],
  ])('%j was not made for %j', (base, encoder) => {
    expect(adapterFit(base, encoder)).toBe('other');
  });
});

describe('encoderLabel', () => {
  it('says what people call an encoder', () => {
    expect(encoderLabel('embedded')).toBe('the built-in encoder');
    expect(encoderLabel('facebook/dinov2-small')).toBe('facebook/dinov2-small');
    expect(encoderLabel(localEncoderId('my @ folder', DIGEST))).toBe('my @ folder (files 0123…)');
    expect(encoderLabel('local:old')).toBe('old');
    expect(encoderLabel('local:')).toBe('files');
  });
});
