import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { notifications } from '@mantine/notifications';
import { IconFolders } from '@tabler/icons-react';
import { type OpenedFolder, openFolder } from '../../library/import/folder.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { FolderPicker } from '../FolderPicker.tsx';
import { notifyDone, notifyError } from '../notify.ts';
import { type DatasetPlan, importDataset, planOf } from '../store/datasets.ts';
import { openSubject, refresh } from '../store/library.ts';

const NOTICE = 'data-set import';

/** Choose or drop the folder of a data set: all its subjects come in at once. */
export function DatasetButton() {
  const take = (files: File[]) =>
    void openFolder(files)
      .then(offerDataset)
      .catch((error) => notifyError('The data set cannot be read', error));
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
 * Say what a folder holds as a data set, and import it when the user agrees.
 * @throws DatasetError when it is none
 */
export function offerDataset(folder: OpenedFolder): void {
  const plan = planOf(folder);
  const { subjects, photos, dataset, notes } = plan;
  const named = subjects
    .slice(0, 4)
    .map((subject) => subject.name)
    .join(', ');
  const more = subjects.length > 4 ? ` and ${subjects.length - 4} more` : '';
  confirmDialog({
    title: `Add ${subjects.length} ${subjects.length === 1 ? 'subject' : 'subjects'}?`,
    message: `${dataset.name} holds ${named}${more}: ${photos} photos in all. They are copied into this browser’s storage.`,
    notes,
    confirm: 'Add',
    harmless: true,
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
    const { subjects, refused, masks } = await importDataset(
      plan,
      (done) => notifications.update(notice(done)),
      stop.signal,
    );
    tell(`${refused.length} ${refused.length === 1 ? 'photo was' : 'photos were'} not taken`, refused);
    tell(`${masks.length} ${masks.length === 1 ? 'mask was' : 'masks were'} left out`, masks);
    if (subjects[0]) await openSubject(subjects[0].id);
    notifyDone(subjects.length === 1 ? '1 subject is added.' : `${subjects.length} subjects are added.`);
  } catch (error) {
    await refresh();
    if (!stop.signal.aborted) notifyError('The data set was not added whole', error);
  } finally {
    notifications.hide(NOTICE);
  }
}

/** A list that stays until it is closed; nothing for an empty one. */
function tell(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  notifications.show({
    title,
    color: 'yellow',
    autoClose: false,
    message: (
      <ScrollArea.Autosize mah={180}>
        <Stack gap={2}>
          {lines.map((text) => (
            <Text size="sm" key={text}>
              {text}
            </Text>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    ),
  });
}
