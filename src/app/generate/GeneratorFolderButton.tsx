import { Anchor, Button, Code, Collapse, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFolder } from '@tabler/icons-react';
import { GENERATOR_PARTS } from '../../diffusion/generator/parts.ts';
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
        <Button variant="default" leftSection={<IconFolder size={18} />} disabled={disabled} onClick={open}>
          Load one from a folder
        </Button>
      )}
    </FolderPicker>
  );
}

/** What such a folder must hold. */
export function GeneratorFolderHelp() {
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <div>
      <Anchor component="button" type="button" size="sm" aria-expanded={opened} onClick={toggle}>
        What must be in the folder?
      </Anchor>
      <Collapse expanded={opened}>
        <Stack gap={4} mt={6}>
          <Text size="sm" c="dimmed">
            Stable Diffusion 1 or 2 and their like, as diffusers saves them. Text encoder and image coder run
            as ONNX: optimum exports them. A graphics card with several gigabytes is needed for those.
          </Text>
          <dl className="parts">
            {GENERATOR_PARTS.map(({ what, forms }) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  {forms.map((paths, i) => (
                    <span key={paths[0]}>
                      {i > 0 && ' or '}
                      {paths.map((path, j) => (
                        <span key={path}>
                          {j > 0 && ' and '}
                          <Code>{path}</Code>
                        </span>
                      ))}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Stack>
      </Collapse>
    </div>
  );
}
