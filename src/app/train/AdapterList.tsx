import { ActionIcon, Badge, Button, FileButton, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconPencil, IconTrash, IconUpload } from '@tabler/icons-react';
import { zipSync } from 'fflate';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { AdapterRecord } from '../../library/types.ts';
import type { AdapterFit } from '../../models/peft/fit.ts';
import { encoderLabel } from '../../models/weights/encoderId.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { byteSize } from '../format.ts';
import { useEngine, useLibrary } from '../hooks.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { saveBlob } from '../saveBlob.ts';
import { readImport, storeImport } from '../store/adapterImport.ts';
import { adaptersStore, adoptAdapter, applyAdapter, fitOf } from '../store/adapters.ts';
import { isGeneratorLora } from '../store/generatorLoras.ts';
import { refresh, theLibrary } from '../store/library.ts';

/** What has been learned: use, rename, export, delete; import of adapters from elsewhere. */
export function AdapterList() {
  const adapters = useLibrary((state) => state.adapters).filter((adapter) => !isGeneratorLora(adapter));
  const current = useLibrary((state) => state.current);
  const encoder = useEngine((state) => state.encoder);
  const appliedId = useStore(adaptersStore, (state) => state.appliedId);
  const reset = useRef<() => void>(null);
  const take = (files: File[]) => {
    // Else the browser would not tell of the same files when they are chosen again.
    reset.current?.();
    if (!current || files.length === 0) return;
    importAdapter(current.id, files).catch((error) =>
      notifyError('The adapter could not be imported', error),
    );
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>Adapters</Text>
        <FileButton resetRef={reset} multiple accept=".safetensors,.json,.zip,.bin" onChange={take}>
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
      <Dropzone
        onDrop={take}
        disabled={!encoder}
        p={6}
        aria-label="Drop the folder or the zip of an adapter here"
      >
        <Text size="xs" ta="center" c="dimmed">
          Drop the folder or the zip of an adapter here
        </Text>
      </Dropzone>
      {adapters.map((adapter) => (
        <AdapterRow
          key={adapter.id}
          adapter={adapter}
          applied={adapter.id === appliedId}
          fit={fitOf(adapter, encoder?.id)}
        />
      ))}
    </Stack>
  );
}

function AdapterRow({
  adapter,
  applied,
  fit,
}: {
  adapter: AdapterRecord;
  applied: boolean;
  fit: AdapterFit;
}) {
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
        {fit !== 'same' && (
          <Tooltip label={reasonOf(adapter, fit)}>
            <Badge color="gray">{fit === 'other' ? 'other encoder' : 'encoder not named'}</Badge>
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
          disabled={fit === 'other'}
          onClick={does('The adapter could not be used', () => use(adapter, applied, fit))}
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

/** Why an adapter cannot be used as it is. */
function reasonOf({ encoderId }: AdapterRecord, fit: AdapterFit): string {
  if (fit === 'other') return `Made for ${encoderLabel(encoderId)}. Load that encoder to use it.`;
  return 'It does not say which encoder it was made for. Using it takes it for the one that is loaded.';
}

async function use(adapter: AdapterRecord, applied: boolean, fit: AdapterFit): Promise<void> {
  if (applied || fit !== 'unnamed') return applyAdapter(applied ? null : adapter);
  await adoptAdapter(adapter);
  notifyDone('The adapter did not say which encoder it was made for. Its shapes fit, and it is in use.');
}

/** Import an adapter; where it names another encoder than the one in use, its user says what to do. */
async function importAdapter(subjectId: string, files: File[]): Promise<void> {
  const read = await readImport(files);
  const store = async (keep: boolean) => notifyDone(await storeImport(subjectId, read, keep));
  if (read.fit !== 'other') return store(false);
  const [madeFor, loaded] = [encoderLabel(read.adapter.baseModel), encoderLabel(read.encoderId)];
  confirmDialog({
    title: 'Made for another encoder',
    message: `The adapter was made for ${madeFor}, and ${loaded} is loaded. Its shapes fit, but on another encoder than its own it may do anything.`,
    confirm: `Use it with ${loaded}`,
    onConfirm: () => store(false),
    alternative: { label: `Keep it for ${madeFor}`, onConfirm: () => store(true) },
  });
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
