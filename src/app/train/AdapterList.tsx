import { ActionIcon, Badge, Button, FileButton, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconPencil, IconTrash, IconUpload } from '@tabler/icons-react';
import { zipSync } from 'fflate';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { AdapterRecord } from '../../library/types.ts';
import { byteSize } from '../format.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { saveBlob } from '../saveBlob.ts';
import { adaptersStore, applyAdapter, readAdapter, storeAdapter } from '../store/adapters.ts';
import { isGeneratorLora } from '../store/generatorLoras.ts';
import { refresh, theLibrary } from '../store/library.ts';

/** What has been learned: use, rename, export, delete; import of adapters from elsewhere. */
export function AdapterList() {
  const adapters = useLibrary((state) => state.adapters).filter((adapter) => !isGeneratorLora(adapter));
  const current = useLibrary((state) => state.current);
  const encoder = useEngine((state) => state.encoder);
  const appliedId = useStore(adaptersStore, (state) => state.appliedId);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>Adapters</Text>
        <FileButton
          multiple
          accept=".safetensors,.json"
          onChange={(files) => {
            if (current && files.length) {
              importAdapter(current.id, files).catch((error) =>
                notifyError('The adapter could not be imported', error),
              );
            }
          }}
        >
          {(props) => (
            <Button
              {...props}
              size="xs"
              variant="default"
              disabled={!encoder}
              leftSection={<IconUpload size={16} />}
            >
              Import adapter
            </Button>
          )}
        </FileButton>
      </Group>
      {adapters.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet. An adapter is what the encoder learns about your subject: a small file that PEFT opens
          too.
        </Text>
      )}
      {adapters.map((adapter) => (
        <AdapterRow
          key={adapter.id}
          adapter={adapter}
          applied={adapter.id === appliedId}
          fits={adapter.encoderId === encoder?.id}
        />
      ))}
    </Stack>
  );
}

function AdapterRow({ adapter, applied, fits }: { adapter: AdapterRecord; applied: boolean; fits: boolean }) {
  const [name, setName] = useState<string | null>(null);
  const does = (what: string, action: () => Promise<unknown>) => () => {
    action().catch((error) => notifyError(what, error));
  };
  const rename = async () => {
    if (name?.trim()) await theLibrary().adapters.update(adapter, { name: name.trim() });
    setName(null);
    await refresh();
  };
  const size = adapter.files.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Group justify="space-between" gap="xs" className="adapter-row" data-testid="adapter">
      <Group gap="sm" miw={0} flex="1 1 200px">
        {name === null ? (
          <Text truncate>{adapter.name}</Text>
        ) : (
          <TextInput
            size="xs"
            aria-label="Name of the adapter"
            value={name}
            autoFocus
            onChange={(event) => setName(event.currentTarget.value)}
            onBlur={does('Renaming', rename)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur();
              if (event.key === 'Escape') setName(null);
            }}
          />
        )}
        {applied && <Badge color="teal">in use</Badge>}
        {!fits && (
          <Tooltip label={`Made for ${adapter.encoderId}. Load that encoder to use it.`}>
            <Badge color="gray">other encoder</Badge>
          </Tooltip>
        )}
        <Text size="xs" c="dimmed">
          {byteSize(size)} · {new Date(adapter.createdAt).toLocaleString()}
        </Text>
      </Group>
      <Group gap={4}>
        <Button
          size="compact-sm"
          variant="light"
          disabled={!fits}
          onClick={does('The adapter could not be used', () => applyAdapter(applied ? null : adapter))}
        >
          {applied ? 'Put aside' : 'Use'}
        </Button>
        <Tooltip label="Rename">
          <ActionIcon
            variant="subtle"
            aria-label={`Rename ${adapter.name}`}
            onClick={() => setName(adapter.name)}
          >
            <IconPencil size={18} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Download for PEFT (zip)">
          <ActionIcon
            variant="subtle"
            aria-label={`Download ${adapter.name}`}
            onClick={does('The download failed', () => download(adapter))}
          >
            <IconDownload size={18} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Delete">
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={`Delete ${adapter.name}`}
            onClick={does('The adapter could not be deleted', () => removeAdapter(adapter, applied))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

async function download(adapter: AdapterRecord): Promise<void> {
  const files = await theLibrary().adapters.files(adapter);
  const zip = zipSync(files, { level: 0 });
  saveBlob(new Blob([zip as Uint8Array<ArrayBuffer>], { type: 'application/zip' }), `${adapter.name}.zip`);
}

async function importAdapter(subjectId: string, files: File[]): Promise<void> {
  const contents: Record<string, Uint8Array> = {};
  for (const file of files) contents[file.name] = new Uint8Array(await file.arrayBuffer());
  const adapter = readAdapter(contents);
  await storeAdapter(subjectId, adapter, { name: 'Imported adapter', settings: null });
  notifyDone('The adapter is imported and in use.');
}

/** Delete with a way back: the files stay in memory until the notification goes. */
async function removeAdapter(adapter: AdapterRecord, applied: boolean): Promise<void> {
  const library = theLibrary();
  const files = await library.adapters.files(adapter);
  if (applied) await applyAdapter(null);
  await library.adapters.remove(adapter);
  await refresh();
  const { subjectId, name, encoderId, settings } = adapter;
  const id = `removed-${adapter.id}`;
  const undo = async () => {
    notifications.hide(id);
    await library.adapters.add(subjectId, { name, encoderId, settings }, files);
    await refresh();
  };
  notifications.show({
    id,
    autoClose: 10_000,
    title: `Deleted “${name}”`,
    message: (
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => undo().catch((error) => notifyError('Undo', error))}
      >
        Undo
      </Button>
    ),
  });
}
