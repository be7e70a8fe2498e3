import { describe, expect, it } from 'vitest';
import { readAdapterFiles } from './adapterFiles.ts';

const file = (name: string, content = 'x') => new File([content], name);

describe('readAdapterFiles', () => {
  it('finds the two files among others', async () => {
    const files = [
      file('README.md'),
      file('adapter_config.json', '{}'),
      file('adapter_model.safetensors', 'ab'),
    ];
    expect(await readAdapterFiles(files)).toEqual({ config: '{}', weights: new Uint8Array([97, 98]) });
  });

  it('names the file that is missing', async () => {
    await expect(readAdapterFiles([file('adapter_config.json')])).rejects.toThrow(
      /adapter_model\.safetensors: not among the files\. .*together/,
    );
    await expect(readAdapterFiles([file('adapter_model.safetensors')])).rejects.toThrow(
      'adapter_config.json: not among the files',
    );
    await expect(readAdapterFiles([file('adapter_model.bin'), file('adapter_config.json')])).rejects.toThrow(
      'safe_serialization=True',
    );
  });
});
