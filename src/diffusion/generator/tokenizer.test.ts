import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIntegerTensors } from '../../models/weights/safetensors/parse.ts';
import { clipTokenizerJson } from './clipTokenizer.ts';
import { PromptTokenizer } from './tokenizer.ts';

const json = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const folder = '../../../public/models/generator/tokenizer/';
const embedded = new PromptTokenizer(json(`${folder}tokenizer.json`), json(`${folder}tokenizer_config.json`));

describe('the embedded tokenizer', () => {
  it('has the ids of transformers', () => {
    const golden = new URL('../../testing/golden/embedded/', import.meta.url);
    const file = readFileSync(new URL('embedded.safetensors', golden));
    const { values, shape } = parseIntegerTensors(file, 'golden').get('input_ids')!;
    const { prompts } = json('../../testing/golden/embedded/prompts.json') as { prompts: string[] };
    expect(embedded.length).toBe(shape[1]);
    expect(prompts.flatMap((prompt) => embedded.encode(prompt))).toEqual([...(values as Int32Array)]);
  });

  it('says which words it does not know', () => {
    expect(embedded.unknownWords('a photo of a <new1> dog, green background')).toEqual([]);
    expect(embedded.unknownWords('a zyzzyva, a qqq, a zyzzyva')).toEqual(['zyzzyva', 'qqq']);
  });

  it('has an id of its own for the subject', () => {
    const { ids, subject } = embedded.encodeSubject('a photo of <new1> dog');
    expect(ids).toEqual(embedded.encode('a photo of <new1> dog'));
    expect(ids.filter((id) => id === subject)).toHaveLength(1);
    expect(embedded.encode('dog')).toContain(embedded.firstId('dog'));
  });

  it('cuts what is too long, with an end', () => {
    const long = 'dog '.repeat(40);
    expect(embedded.isCut(long)).toBe(true);
    expect(embedded.isCut('a dog')).toBe(false);
    const ids = embedded.encode(long);
    expect(ids).toHaveLength(20);
    expect(ids.at(-1)).toBe(embedded.encode('').find((id, i) => i === 1 && id));
  });
});

describe('CLIP’s tokenizer from vocab.json and merges.txt', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz<>1,'];
  const pieces = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...['do', 'dog</w>', 'ph', 'pho', 'phot', 'photo</w>', 'ne', 'new', '<|startoftext|>', '<|endoftext|>'],
  ];
  const vocabulary = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
  const merges = '#version: 0.2\nd o\ndo g</w>\np h\nph o\npho t\nphot o</w>\nn e\nne w\n';
  const config = {
    model_max_length: 8,
    pad_token: '<|endoftext|>',
    eos_token: '<|endoftext|>',
    unk_token: '<|endoftext|>',
  };
  const clip = new PromptTokenizer(clipTokenizerJson(vocabulary, merges), config);
  const ids = (...names: string[]) => names.map((name) => vocabulary[name]);

  it('merges by rank, marks word ends, splits signs, pads with the end', () => {
    expect(clip.encode('Photo, DOG')).toEqual(
      ids('<|startoftext|>', 'photo</w>', ',</w>', 'dog</w>', ...Array<string>(4).fill('<|endoftext|>')),
    );
    expect(clip.unknownWords('anything')).toEqual([]);
  });

  it('splits the placeholder into its signs, as the paper has it', () => {
    const signs = ['<</w>', 'ne', 'w</w>', '1</w>', '></w>'];
    expect(clip.encode('<new1> dog')).toEqual(ids('<|startoftext|>', ...signs, 'dog</w>', '<|endoftext|>'));
  });

  it('gives the placeholder an id beyond its vocabulary where it is learned', () => {
    const subject = pieces.length;
    expect(clip.encodeSubject('photo <new1> dog')).toEqual({
      ids: [
        ...ids('<|startoftext|>', 'photo</w>'),
        subject,
        ...ids('dog</w>', ...Array<string>(4).fill('<|endoftext|>')),
      ],
      subject,
    });
  });
});
