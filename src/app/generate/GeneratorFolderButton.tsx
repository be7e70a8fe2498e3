import { Button, Tooltip } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { filePath } from '../../library/import/folder.ts';
import { FolderPicker } from '../FolderPicker.tsx';
import { notifyError } from '../notify.ts';
import { loadGenerator } from '../store/generator.ts';

/** Choose a generator's folder as diffusers saves it, with text encoder and image coder as ONNX beside the UNet. */
export function GeneratorFolderButton({ onLoad, disabled }: { onLoad: () => void; disabled: boolean }) {
  const load = (list: readonly File[]): void => {
    const files = list.map((file) => ({ path: filePath(file), file }));
    const name = files[0]?.path.split('/')[0] ?? 'this folder';
    onLoad();
    loadGenerator({ kind: 'files', name, files }).catch((error) =>
      notifyError('The generator could not be loaded', error),
    );
  };
  return (
    <FolderPicker label="Folder of a generator" onFiles={load}>
      {(open) => (
        <Tooltip
          multiline
          w={320}
          label="Stable Diffusion 1 or 2 and their like, as diffusers saves them: unet/ (config.json and safetensors), scheduler/, tokenizer/, vae/config.json, and text_encoder/, vae_encoder/, vae_decoder/ each with a model.onnx, as optimum exports them."
        >
          <Button variant="default" leftSection={<IconFolder size={18} />} disabled={disabled} onClick={open}>
            Load one from a folder
          </Button>
        </Tooltip>
      )}
    </FolderPicker>
  );
}
