import { ActionIcon, Button, FileButton, Group, Select, Tooltip } from '@mantine/core';
import { IconDownload, IconTrash, IconUpload } from '@tabler/icons-react';
import { zipSync } from 'fflate';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { AdapterRecord } from '../../library/types.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { useLibrary } from '../hooks.ts';
import { notifyDone, notifyError, notifyNote } from '../notify.ts';
import { saveBlob } from '../saveBlob.ts';
import { importLora, loraStore, lorasOf } from '../store/generatorLoras.ts';
import { refresh, theLibrary } from '../store/library.ts';
import { TRAINING_STATE_FILE } from '../store/trainingStateFile.ts';
import { LearnOn } from './LearnOn.tsx';

const NONE = 'none';

/** Which LoRA pictures are made with: any checkpoint of any run, an imported one, or none. */
export function LoraPicker({
  generatorId,
  disabled,
  learnDisabled,
}: {
  generatorId: string;
  disabled: boolean;
  /** Whether learning cannot go on now. */
  learnDisabled: boolean;
}) {
  const current = useLibrary((state) => state.current);
  const loras = lorasOf(
    useLibrary((state) => state.adapters),
    generatorId,
  );
  const chosenId = useStore(loraStore, (state) => state.chosenId);
  const reset = useRef<() => void>(null);
  const chosen = loras.find(({ id }) => id === chosenId);
  const newest = loras[0]?.id ?? null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each subject, and when the chosen one is gone
  useEffect(() => {
    if (!chosen && chosenId !== null) loraStore.setState({ chosenId: newest });
    else if (chosenId === null && newest) loraStore.setState({ chosenId: newest });
  }, [current?.id, newest]);

  const does = (what: string, action: () => Promise<unknown>) => () => {
    action().catch((error) => notifyError(what, error));
  };
  return (
    <Group gap="xs" align="flex-end">
      <Select
        label="Draw with"
        size="xs"
        w={280}
        disabled={disabled}
        allowDeselect={false}
        value={chosen?.id ?? NONE}
        data={[
          ...loras.map((lora) => ({
            value: lora.id,
            label: `${lora.name} · ${new Date(lora.createdAt).toLocaleTimeString()}`,
          })),
          { value: NONE, label: 'The untuned generator' },
        ]}
        onChange={(value) => loraStore.setState({ chosenId: value === NONE ? '' : value })}
      />
      <FileButton
        resetRef={reset}
        multiple
        accept=".safetensors"
        onChange={(files) => {
          // Else the browser would not tell of the same file when it is chosen again.
          reset.current?.();
          if (!files.length || !current) return;
          importLora(current.id, generatorId, files)
            .then(({ notes, chosen }) => {
              notifyDone(`The LoRA is imported${chosen ? ' and in use' : ''}.`);
              for (const note of notes) notifyNote('Of the imported LoRA', note);
            })
            .catch((error) => notifyError('The LoRA could not be imported', error));
        }}
      >
        {(props) => (
          <Button
            {...props}
            size="xs"
            variant="default"
            leftSection={<IconUpload size={16} />}
            disabled={disabled}
          >
            Import LoRA
          </Button>
        )}
      </FileButton>
      {chosen && (
        <>
          <Tooltip label="Download for diffusers and kohya (zip)">
            <ActionIcon
              variant="subtle"
              aria-label={`Download LoRA ${chosen.name}`}
              onClick={does('The download failed', () => download(chosen))}
            >
              <IconDownload size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Delete">
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`Delete LoRA ${chosen.name}`}
              disabled={disabled}
              onClick={() =>
                confirmDialog({
                  title: `Delete “${chosen.name}”?`,
                  message: 'The pictures made with it stay.',
                  confirm: 'Delete',
                  onConfirm: async () => {
                    await theLibrary().adapters.remove(chosen);
                    await refresh();
                  },
                })
              }
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Tooltip>
          <LearnOn lora={chosen} disabled={disabled || learnDisabled} />
        </>
      )}
    </Group>
  );
}

async function download(lora: AdapterRecord): Promise<void> {
  const { [TRAINING_STATE_FILE]: _, ...files } = await theLibrary().adapters.files(lora);
  const zip = zipSync(files, { level: 0 });
  saveBlob(new Blob([zip as Uint8Array<ArrayBuffer>], { type: 'application/zip' }), `${lora.name}.zip`);
}
