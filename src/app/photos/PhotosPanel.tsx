import { Alert, Button, FileButton, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFolder, IconMask, IconPhotoPlus } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { STRAY_MASK } from '../../files/dataset/pairMasks.ts';
import { requireTraining } from '../../files/dataset/readDataset.ts';
import { type LeftOut, tellLeftOut } from '../../files/leftOut.ts';
import { addMasks } from '../../library/import/add-masks.ts';
import { filesFromClipboard } from '../../library/import/clipboard.ts';
import { photoCountStatus } from '../../library/import/count.ts';
import {
  filePath,
  type OpenedFolder,
  openFolder,
  sharedItems,
  subjectItems,
} from '../../library/import/folder.ts';
import type { PhotoRole } from '../../library/types.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { FolderPicker } from '../FolderPicker.tsx';
import { useLibrary } from '../hooks.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { Section } from '../shell/Section.tsx';
import { libraryStore, refresh, theLibrary } from '../store/library.ts';
import { asItems, type FileReport, importItems, photosStore } from '../store/photos.ts';
import { offerDataset } from '../subjects/DatasetButton.tsx';
import { ImportReport } from './ImportReport.tsx';
import { MaskEditorModal } from './mask/MaskEditorModal.tsx';
import { MASK_FILES } from './mask/maskFiles.ts';
import { PhotoGrid } from './PhotoGrid.tsx';
import './photos.css';

const ROLES: { role: PhotoRole; label: string; empty: string }[] = [
  {
    role: 'train',
    label: 'Training',
    empty: 'Three photos or more of your subject, from different sides and in different light.',
  },
  {
    role: 'test',
    label: 'Test',
    empty: 'Other photos to try it on, with and without your subject. They are never trained on.',
  },
  {
    role: 'negative',
    label: 'Negatives',
    empty:
      'Optional: things like your subject that are not it, such as other dogs. Bundled pictures are used as well.',
  },
  {
    role: 'background',
    label: 'Backgrounds',
    empty:
      'Optional: places without your subject, to paste it into. Bundled and drawn ones are used otherwise.',
  },
];

/** Step 1: photos by what they are for, and their masks. */
export function PhotosPanel() {
  const { role, importing, editing } = useStore(photosStore);
  const photos = useLibrary((state) => state.photos);
  const maskVersion = useLibrary((state) => state.maskVersion);
  const shown = photos.filter((photo) => photo.role === role);
  const training = photos.filter((photo) => photo.role === 'train');
  const unmasked = training.filter(({ id }) => maskVersion[id] === undefined);
  const count = photoCountStatus(training.length);
  const edited = photos.find(({ id }) => id === editing);
  const open = useRef<() => void>(null);

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if ((event.target as HTMLElement | null)?.closest('input, textarea')) return;
      const files = filesFromClipboard(event.clipboardData);
      if (files.length) run(() => importItems(asItems(files)));
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);

  return (
    <Section
      step={1}
      title="Photos"
      hint="They stay on this machine; place and camera data are taken off when they are stored."
      controls={
        <Group gap="xs">
          <FolderButton />
          <FileButton
            multiple
            accept={MASK_FILES}
            onChange={(files) => files.length && run(() => takeMasks(files))}
          >
            {(props) => (
              <Button {...props} size="xs" variant="default" leftSection={<IconMask size={16} />}>
                Import masks
              </Button>
            )}
          </FileButton>
        </Group>
      }
    >
      <SegmentedControl
        aria-label="What the photos are for"
        value={role}
        onChange={(value) => photosStore.setState({ role: value as PhotoRole })}
        data={ROLES.map(({ role: value, label }) => {
          const number = photos.filter((photo) => photo.role === value).length;
          return { value, label: number ? `${label} ${number}` : label };
        })}
        className="roles"
      />
      <Dropzone
        onDrop={(files) =>
          run(() => (files.some(inFolder) ? takeFolder(files) : importItems(asItems(files))))
        }
        openRef={open}
        activateOnClick={shown.length === 0}
        activateOnKeyboard={shown.length === 0}
        loading={importing !== null && shown.length === 0}
        p={shown.length ? 'xs' : 'xl'}
        className="photo-drop"
        aria-label="Drop photos here"
      >
        {shown.length === 0 ? (
          <Stack align="center" gap={4}>
            <IconPhotoPlus size={40} stroke={1.4} />
            <Text fw={650}>Drop photos here, paste them, or click to choose</Text>
            <Text size="sm" c="dimmed" ta="center">
              {ROLES.find((item) => item.role === role)!.empty}
            </Text>
            <Text size="xs" c="dimmed">
              JPEG, PNG, WebP, AVIF, HEIC
            </Text>
          </Stack>
        ) : (
          <PhotoGrid photos={shown} onAdd={() => open.current?.()} />
        )}
      </Dropzone>
      <ImportReport />
      {role === 'train' && training.length > 0 && (
        <Stack gap={4}>
          {count.message && (
            <Text size="sm" c={count.state === 'ok' ? 'dimmed' : 'amber'}>
              {count.message}
            </Text>
          )}
          {unmasked.length > 0 && (
            <Alert color="plum" variant="light" icon={<IconMask />}>
              <Group justify="space-between" gap="sm">
                <Text size="sm">
                  {unmasked.length === training.length
                    ? 'Mark your subject'
                    : `${unmasked.length} still without a mask`}
                  : one click in a photo is enough. Masks make Cut/Paste and good maps possible.
                </Text>
                <Button size="xs" onClick={() => photosStore.setState({ editing: unmasked[0]!.id })}>
                  Mark it
                </Button>
              </Group>
            </Alert>
          )}
        </Stack>
      )}
      {edited && (
        <MaskEditorModal
          key={edited.id}
          photo={edited}
          photos={photos.filter((photo) => photo.role === edited.role)}
        />
      )}
    </Section>
  );
}

/** Choose a folder: photos and masks are told apart by their folders' names. */
function FolderButton() {
  return (
    <FolderPicker label="Folder of photos" onFiles={(files) => run(() => takeFolder(files))}>
      {(open) => (
        <Button size="xs" variant="default" leftSection={<IconFolder size={16} />} onClick={open}>
          Add a folder
        </Button>
      )}
    </FolderPicker>
  );
}

/** Whether a file was dropped as part of a folder. */
function inFolder(file: File): boolean {
  return filePath(file).includes('/');
}

async function takeFolder(files: File[]): Promise<void> {
  const folder = await openFolder(files);
  const { subjects, isReference, name } = folder.dataset;
  if (subjects.length <= 1) return takePhotos(folder);
  if (isReference) return offerDataset(folder);
  const names = subjects.map((subject) => subject.name);
  const shown =
    names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
  confirmDialog({
    title: 'One subject or several?',
    message: `${name} holds photos in ${names.length} folders: ${shown}.`,
    confirm: 'One subject each',
    onConfirm: async () => offerDataset(folder),
    alternative: {
      label: `All of ${libraryStore.getState().current?.name}`,
      onConfirm: () => takePhotos(folder),
    },
  });
}

/** All photos of a folder for the open subject, with their masks; masks without a photo are those of photos that are there. */
async function takePhotos(folder: OpenedFolder): Promise<void> {
  const { subjects, leftOut } = folder.dataset;
  const items = [...subjects.flatMap((subject) => subjectItems(folder, subject)), ...sharedItems(folder)];
  const isStray = ({ reason }: LeftOut) => reason === STRAY_MASK;
  const strays = leftOut.filter(isStray).map(({ path }) => folder.files.get(path)!);
  if (items.length + strays.length === 0) requireTraining(folder.dataset);
  const told = tellLeftOut(leftOut.filter((file) => !isStray(file)));
  await importItems(
    items,
    told.map((text) => ({ fileName: '', kind: 'left out', text })),
  );
  // What was said of the photos stays to be read.
  if (strays.length) await takeMasks(strays, photosStore.getState().reports);
}

async function takeMasks(files: File[], before: FileReport[] = []): Promise<void> {
  const { current } = libraryStore.getState();
  if (!current) return;
  const results = await addMasks(theLibrary(), current.id, files);
  await refresh();
  const taken = results.filter(({ ok }) => ok).length;
  if (taken) notifyDone(`${taken} ${taken === 1 ? 'mask' : 'masks'} imported.`);
  const reports = results.map((result): FileReport => {
    const { fileName } = result;
    return result.ok
      ? { fileName, kind: 'added', text: result.notes.join(' ') }
      : { fileName, kind: 'refused', text: `${result.reason} ${result.remedy}` };
  });
  photosStore.setState({ reports: [...before, ...reports.filter(({ text }) => text)] });
}

function run(action: () => Promise<void>): void {
  action().catch((error) => notifyError('Adding photos', error));
}
