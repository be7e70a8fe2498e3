import { describe, expect, it } from 'vitest';
import { chooseAdapterFiles } from './adapterFiles.ts';

const file = (name: string, content = '') => ({ name, bytes: new TextEncoder().encode(content) });
const choose = (...names: string[]) => {
  const { weights, config, notes } = chooseAdapterFiles(names.map((name) => file(name)));
  return [weights.name, config.name, ...notes];
};

describe('chooseAdapterFiles', () => {
  it.each([
    [
      'PEFT’s own names among others',
      ['README.md', 'adapter_config.json', 'config.json', 'adapter_model.safetensors'],
    ],
    ['files of one folder', ['a/config.json', 'a/adapter_config.json', 'a/adapter_model.safetensors']],
    ['a second download', ['adapter_config (1).json', 'adapter_model (1).safetensors']],
    ['a download of another browser', ['adapter_config(2).json', 'adapter_model(2).safetensors']],
    ['another name of the weights', ['adapter_config.json', 'rex.safetensors', 'README.md']],
    ['other names of both', ['rex.json', 'rex.safetensors']],
    [
      'a copy by macOS',
      [
        '._adapter_config.json',
        '._adapter_model.safetensors',
        'adapter_config.json',
        'adapter_model.safetensors',
      ],
    ],
    [
      'a zip by macOS',
      ['__MACOSX/._adapter_model.safetensors', 'adapter_config.json', 'adapter_model.safetensors'],
    ],
  ])('takes %s', (_, names) => {
    const [weights, config, ...notes] = choose(...names);
    const visible = names.filter((name) => !name.includes('._'));
    expect(weights).toBe(visible.find((name) => name.endsWith('.safetensors')));
    expect(config).toBe(visible.find((name) => /adapter_config|rex\.json/.test(name)));
    expect(notes).toEqual([]);
  });

  it('knows a config of another name by what it says', () => {
    const files = [
      file('rex.json', '\uFEFF{"peft_type": "LORA"}'),
      file('run.json', '{}'),
      file('rex.safetensors'),
    ];
    expect(chooseAdapterFiles(files).config.name).toBe('rex.json');
  });

  it('takes a zip by Windows, with backslashes', () => {
    const names = ['adapter_config.json', 'adapter_model.safetensors', '._adapter_model.safetensors'];
    expect(choose(...names.map((name) => `rex\\${name}`))).toEqual([
      'rex/adapter_model.safetensors',
      'rex/adapter_config.json',
    ]);
  });

  it('takes the outermost of adapters inside each other, and names the others', () => {
    const names = ['adapter_config.json', 'adapter_model.safetensors'];
    const inner = names.map((name) => `run/checkpoint-5/${name}`);
    expect(choose(...inner, ...names.map((name) => `run/${name}`))).toEqual([
      ...['run/adapter_model.safetensors', 'run/adapter_config.json'],
      'Left out beside run/adapter_model.safetensors: run/checkpoint-5/adapter_model.safetensors.',
    ]);
  });

  it('takes the config that lies beside the weights', () => {
    const config = (name: string) => file(name, '{"peft_type": "LORA"}');
    const files = [config('adapter_config.json'), config('a/rex.json'), file('a/rex.safetensors')];
    expect(chooseAdapterFiles(files).config.name).toBe('a/rex.json');
  });

  it('says which weights it leaves out', () => {
    expect(
      choose('adapter_config.json', 'adapter_model.safetensors', 'adapter_model (1).safetensors')[2],
    ).toBe('Left out beside adapter_model.safetensors: adapter_model (1).safetensors.');
  });

  it('names the file that is missing', () => {
    expect(() => choose('adapter_config.json')).toThrow(
      /adapter_model\.safetensors: not among the files\. .*together/,
    );
    expect(() => choose('adapter_model.safetensors')).toThrow('adapter_config.json: not among the files');
    expect(() => choose('adapter_model.bin', 'adapter_config.json')).toThrow(
      /adapter_model\.bin can run code .* safe_serialization=True/,
    );
  });

  it('does not choose between two adapters', () => {
    expect(() =>
      choose(
        'a/adapter_config.json',
        'a/adapter_model.safetensors',
        'b/adapter_config.json',
        'b/adapter_model.safetensors',
      ),
    ).toThrow(
      'several files for it: a/adapter_model.safetensors, b/adapter_model.safetensors. Choose one adapter.',
    );
    expect(() => choose('adapter_config.json', 'a.safetensors', 'b.safetensors')).toThrow(
      'several files for it: a.safetensors, b.safetensors',
    );
  });
});
