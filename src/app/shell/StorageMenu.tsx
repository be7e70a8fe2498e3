import { ActionIcon, Button, Menu, Progress, Stack, Text } from '@mantine/core';
import { IconDatabase } from '@tabler/icons-react';
import { useState } from 'react';
import { requestPersistence, type StorageState, storageState } from '../../library/storage/persistence.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { byteSize } from '../format.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { openSubject, theLibrary } from '../store/library.ts';

/** How much is stored, whether it is safe from clearing, and how to erase it. */
export function StorageMenu() {
  const [state, setState] = useState<StorageState | null>(null);
  const look = () => {
    storageState()
      .then(setState)
      .catch((error) => notifyError('Storage', error));
  };
  const keep = async () => {
    const answer = await requestPersistence();
    notifyDone(
      answer === 'granted'
        ? 'The browser keeps your data until you delete it.'
        : 'The browser did not grant it. Export what you want to be sure of; using the page more often helps.',
    );
    look();
  };
  const erase = () =>
    confirmDialog({
      title: 'Erase everything?',
      message:
        'All subjects, photos, masks, adapters and runs are deleted from this browser. This cannot be undone.',
      confirm: 'Erase everything',
      onConfirm: async () => {
        await openSubject(null);
        await theLibrary().eraseEverything();
        await openSubject(null);
        notifyDone('Everything is erased.');
      },
    });
  const { usage, quota, persisted } = state ?? {};
  return (
    <Menu position="bottom-end" width={300} onOpen={look}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label="Storage">
          <IconDatabase size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Stack gap={8} p="xs">
          <Text size="sm">
            {usage === undefined || quota === undefined
              ? 'The browser does not say how much is stored.'
              : `${byteSize(usage)} stored, of ${byteSize(quota)} that the browser lends`}
          </Text>
          {usage !== undefined && quota !== undefined && (
            <Progress value={(100 * usage) / quota} aria-label="Storage used" />
          )}
          <Text size="xs" c="dimmed">
            {persisted
              ? 'Your data is kept until you delete it.'
              : 'The browser may clear it when the disk is full. Exported zips are safe.'}
          </Text>
          {!persisted && (
            <Button size="xs" variant="light" onClick={() => void keep()}>
              Keep my data
            </Button>
          )}
          <Button size="xs" variant="subtle" color="red" onClick={erase}>
            Erase everything …
          </Button>
        </Stack>
      </Menu.Dropdown>
    </Menu>
  );
}
