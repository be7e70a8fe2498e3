import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Drawer,
  FileButton,
  Group,
  Progress,
  Stack,
  Text,
  TextInput,
  Title,
  Tooltip,
} from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconDownload, IconTrash, IconUpload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { EncoderInfo } from '../../engine/protocol.ts';
import { encoderLabel } from '../../models/weights/encoderId.ts';
import { byteSize, duration } from '../format.ts';
import { useEngine } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import {
  cancelDownload,
  deleteModel,
  downloadAndUse,
  type LiveDownload,
  modelsStore,
  refreshCached,
  tryEncoder,
} from '../store/models.ts';

/** Which encoder is taught: the built-in one, one from the hub, or local files. */
export function ModelsDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const encoder = useEngine((state) => state.encoder);
  const engine = useEngine((state) => state.engine);
  const loading = useEngine((state) => state.loading);
  const { error, download, cached } = useStore(modelsStore);
  useEffect(() => {
    if (opened) void refreshCached();
  }, [opened]);
  const busy = loading !== null || download !== null || !engine;
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="md" title="Encoder">
      <Stack gap="lg">
        {encoder && <InUse encoder={encoder} />}
        {loading && (
          <Progress
            value={(100 * loading.done) / Math.max(1, loading.total)}
            animated
            aria-label={`Loading: ${byteSize(loading.done)} of ${byteSize(loading.total)}`}
          />
        )}
        {error && (
          <Alert color="red" title="That encoder cannot be used">
            <Text size="sm">{error}</Text>
            {encoder && (
              <Text size="sm" mt={4}>
                {sentenceCase(encoderLabel(encoder.id))} stays in use.
              </Text>
            )}
          </Alert>
        )}
        {encoder?.id !== 'embedded' && (
          <Button variant="default" disabled={busy} onClick={() => void tryEncoder({ kind: 'embedded' })}>
            Use the built-in encoder
          </Button>
        )}
        <FromHub busy={busy} download={download} />
        {cached.length > 0 && (
          <Stack gap={6}>
            <Title order={4}>Kept on this machine</Title>
            {cached.map((model) => (
              <Group key={model.id} justify="space-between" wrap="nowrap" className="adapter-row">
                <div>
                  <Text size="sm">{model.id}</Text>
                  <Text size="xs" c="dimmed">
                    {model.complete
                      ? byteSize(model.totalBytes)
                      : `${byteSize(model.cachedBytes)} of ${byteSize(model.totalBytes)}`}
                  </Text>
                </div>
                <Group gap={4} wrap="nowrap">
                  <Button
                    size="compact-sm"
                    variant="light"
                    disabled={busy}
                    onClick={() =>
                      void (model.complete
                        ? tryEncoder({ kind: 'hub', id: model.id })
                        : downloadAndUse(model.id))
                    }
                  >
                    {model.complete ? 'Use' : 'Resume'}
                  </Button>
                  <Tooltip label="Delete">
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={`Delete ${model.id}`}
                      disabled={busy}
                      onClick={() => deleteModel(model.id).catch((reason) => notifyError('Deleting', reason))}
                    >
                      <IconTrash size={18} />
                    </ActionIcon>
                  </Tooltip>
                </Group>
              </Group>
            ))}
          </Stack>
        )}
        <FromFiles busy={busy} />
      </Stack>
    </Drawer>
  );
}

function InUse({ encoder }: { encoder: EncoderInfo }) {
  const facts = [
    `${encoder.layers} layers`,
    `width ${encoder.hiddenSize}`,
    `${encoder.heads} heads`,
    `patch ${encoder.patchSize}`,
    `${encoder.inputSize} px`,
    `${(encoder.parameters / 1e6).toFixed(1)} M parameters`,
    byteSize(encoder.bytes),
  ];
  return (
    <div>
      <Group gap="xs">
        <Title order={4}>{encoder.id === 'embedded' ? 'Built-in encoder' : encoderLabel(encoder.id)}</Title>
        <Badge color="teal">in use</Badge>
      </Group>
      <Text size="sm" c="dimmed">
        {facts.join(' · ')}
      </Text>
      {encoder.id === 'embedded' && (
        <Text size="sm" c="dimmed" mt={4}>
          Small, trained for this project on public images; for research and demonstration only.
        </Text>
      )}
    </div>
  );
}

function FromHub({ busy, download }: { busy: boolean; download: LiveDownload | null }) {
  const endpoint = useStore(modelsStore, (state) => state.endpoint);
  const [id, setId] = useState('facebook/dinov2-small');
  return (
    <Stack gap="xs">
      <Title order={4}>From the model hub</Title>
      <Text size="sm" c="dimmed">
        Any DINOv2 checkpoint, with or without registers, but the giant. This is the only time the page
        connects to another server; your photos are not part of it. Kept for offline use.
      </Text>
      <TextInput
        label="Model id"
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        disabled={busy}
      />
      <TextInput
        label="Hub address"
        description="Change it to use a mirror on this page’s own server"
        value={endpoint}
        onChange={(event) => modelsStore.setState({ endpoint: event.currentTarget.value })}
        disabled={busy}
      />
      {download ? (
        <Downloading download={download} />
      ) : (
        <Button
          leftSection={<IconDownload size={18} />}
          disabled={busy}
          onClick={() => void downloadAndUse(id.trim())}
        >
          Download and use
        </Button>
      )}
    </Stack>
  );
}

function Downloading({ download: { id, done, total, startedAt, startedWith } }: { download: LiveDownload }) {
  const seconds = (performance.now() - startedAt) / 1000;
  const arrived = done - (startedWith ?? done);
  const left = arrived > 0 ? ((total - done) * seconds) / arrived : null;
  return (
    <Stack gap={4}>
      <Progress value={(100 * done) / Math.max(1, total)} animated aria-label={`Downloading ${id}`} />
      <Group justify="space-between">
        <Text size="sm" ff="monospace" role="status">
          {total ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')} bytes` : 'Asking the hub …'}
          {left !== null && `, ${duration(left)} left`}
        </Text>
        <Button size="compact-sm" variant="default" onClick={cancelDownload}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

function FromFiles({ busy }: { busy: boolean }) {
  const reset = useRef<() => void>(null);
  const use = (files: File[]) => {
    // Else the browser would not tell of the same files when they are chosen again.
    reset.current?.();
    if (files.length === 0) return;
    void tryEncoder({ kind: 'files', name: folderName(files), files });
  };
  return (
    <Stack gap="xs">
      <Title order={4}>From files</Title>
      <Dropzone onDrop={use} disabled={busy} aria-label="Drop config.json and model.safetensors here">
        <Text size="sm" ta="center" c="dimmed">
          Drop config.json and model.safetensors here
        </Text>
      </Dropzone>
      <FileButton resetRef={reset} multiple onChange={use} accept=".json,.safetensors">
        {(props) => (
          <Button
            {...props}
            variant="default"
            size="xs"
            disabled={busy}
            leftSection={<IconUpload size={16} />}
          >
            Choose files
          </Button>
        )}
      </FileButton>
    </Stack>
  );
}

/** Name of the folder that files were dropped or chosen in, for people; `files` where they came alone. */
function folderName([first]: readonly (File & { path?: string })[]): string {
  const path = (first?.webkitRelativePath || first?.path) ?? '';
  return (
    path
      .replace(/^\.?\//, '')
      .split('/')
      .slice(0, -1)[0] ?? 'files'
  );
}

function sentenceCase(text: string): string {
  return text.replace(/^the /, 'The ');
}
