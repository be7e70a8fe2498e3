import { Button, Group, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { notifications } from '@mantine/notifications';
import { IconFolders } from '@tabler/icons-react';
import { filePath } from '../../library/import/folder.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { FolderPicker } from '../FolderPicker.tsx';
import { notifyDone, notifyError } from '../notify.ts';
import { type DatasetPlan, importDataset, planDataset } from '../store/datasets.ts';
import { openSubject, refresh } from '../store/library.ts';

const NOTICE = 'data-set import';

/** Choose or drop the folder of a data set: all its subjects come in at once. */
export function DatasetButton() {
  const take = (files: File[]) =>
    void offerDataset(files).catch((error) => notifyError('The data set cannot be read', error));
  return (
    <FolderPicker label="Folder of a data set" onFiles={take}>
      {(open) => (
        <Dropzone
          onDrop={take}
          activateOnClick={false}
          activateOnKeyboard={false}
          p="sm"
          className="photo-drop"
          aria-label="Drop the folder of a data set here"
        >
          <Group gap="sm">
            <Button
              variant="default"
              leftSection={<IconFolders size={18} />}
              onClick={open}
              style={{ pointerEvents: 'auto' }}
            >
              Add a data set
            </Button>
            <Text size="sm" c="dimmed">
              or drop its folder here
            </Text>
          </Group>
        </Dropzone>
      )}
    </FolderPicker>
  );
}

/**
 * Read a folder as a data set, say what is in it, and import it when the user agrees.
 * @throws DatasetError when it is none
 */
export async function offerDataset(files: readonly File[]): Promise<void> {
  const name = filePath(files[0]!).split('/')[0] ?? 'this folder';
  const plan = await planDataset(files, name);
  const { subjects, photos, dataset } = plan;
  const named = subjects
    .slice(0, 4)
    .map((subject) => subject.name)
    .join(', ');
  const more = subjects.length > 4 ? ` and ${subjects.length - 4} more` : '';
  confirmDialog({
    title: `Add ${subjects.length} ${subjects.length === 1 ? 'subject' : 'subjects'}?`,
    message: [
      `${dataset.name} holds ${named}${more}: ${photos} photos in all.`,
      'They are copied into this browser’s storage.',
      ...dataset.notes,
    ].join(' '),
    confirm: 'Add',
    onConfirm: async () => void takeDataset(plan),
  });
}

async function takeDataset(plan: DatasetPlan): Promise<void> {
  const stop = new AbortController();
  const notice = (done: number) => ({
    id: NOTICE,
    title: `Adding ${plan.dataset.name}`,
    autoClose: false as const,
    withCloseButton: false,
    loading: true,
    message: (
      <Group justify="space-between">
        <Text size="sm">
          {done} of {plan.photos} photos
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => stop.abort()}>
          Cancel
        </Button>
      </Group>
    ),
  });
  notifications.show(notice(0));
  try {
    const { subjects, refused } = await importDataset(
      plan,
      (done) => notifications.update(notice(done)),
      stop.signal,
    );
    if (refused.length) tellRefused(refused);
    if (subjects[0]) await openSubject(subjects[0].id);
    notifyDone(`${subjects.length} subjects are added.`);
  } catch (error) {
    await refresh();
    if (!stop.signal.aborted) notifyError('The data set was not added whole', error);
  } finally {
    notifications.hide(NOTICE);
  }
}

function tellRefused(refused: readonly string[]): void {
  notifications.show({
    title: `${refused.length} ${refused.length === 1 ? 'photo was' : 'photos were'} not taken`,
    color: 'yellow',
    autoClose: false,
    message: (
      <Stack gap={2}>
        {refused.slice(0, 6).map((text) => (
          <Text size="sm" key={text}>
            {text}
          </Text>
        ))}
        {refused.length > 6 && <Text size="sm">and {refused.length - 6} more</Text>}
      </Stack>
    ),
  });
}
