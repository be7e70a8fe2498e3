import { describe, expect, it } from 'vitest';
import { decodeText, parseJson } from './text.ts';

const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
};

describe('texts of files', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode('{"ä": "ポチ"}')],
    ['UTF-8 with a mark', new TextEncoder().encode('\uFEFF{"ä": "ポチ"}')],
    ['UTF-16, little end first', utf16('\uFEFF{"ä": "ポチ"}', true)],
    ['UTF-16, big end first', utf16('\uFEFF{"ä": "ポチ"}', false)],
  ])('reads %s', (_, bytes) => {
    expect(decodeText(bytes)).toBe('{"ä": "ポチ"}');
    expect(parseJson(bytes)).toEqual({ ä: 'ポチ' });
  });

  it('passes over the mark of a text that is decoded already', () => {
    expect(parseJson('\uFEFF[1]')).toEqual([1]);
  });
});
