import { describe, expect, it } from 'vitest';
import { GeneratorFileError, localGenerator } from './files.ts';
import { GENERATOR_PARTS, requireParts } from './parts.ts';

/** A folder with these files, all empty. */
function folder(paths: readonly string[]) {
  return localGenerator(
    paths.map((path) => ({ path: `sd/${path}`, file: new File([], path) })),
    'sd',
  );
}
const WHOLE = GENERATOR_PARTS.flatMap(({ forms }) => forms[0]!);
const without = (...gone: string[]) => folder(WHOLE.filter((path) => !gone.includes(path)));

describe('requireParts', () => {
  it('takes a folder in any form it may have', async () => {
    await requireParts(folder(WHOLE), 'sd');
    const other = GENERATOR_PARTS.flatMap(({ forms }) => forms.at(-1)!);
    expect(other).toContain('unet/diffusion_pytorch_model.fp16.safetensors');
    expect(other).toContain('tokenizer/vocab.json');
    await requireParts(folder(other), 'sd');
  });

  it('names everything that is missing at once, with what to do', async () => {
    const lacking = without('text_encoder/model.onnx', 'vae_decoder/model.onnx', 'vae/config.json');
    await expect(requireParts(lacking, 'sd')).rejects.toThrow(GeneratorFileError);
    await expect(requireParts(lacking, 'sd')).rejects.toThrow(
      /^sd: the folder lacks vae\/config\.json; vae_decoder\/model\.onnx; text_encoder\/model\.onnx\. Get the whole folder.* Export it as ONNX/,
    );
    await expect(
      requireParts(without('unet/diffusion_pytorch_model.safetensors', 'tokenizer/tokenizer.json'), 'sd'),
    ).rejects.toThrow(
      'unet/diffusion_pytorch_model.safetensors or unet/diffusion_pytorch_model.fp16.safetensors; tokenizer/tokenizer.json or tokenizer/vocab.json and tokenizer/merges.txt. Weights are read as safetensors',
    );
  });
});
