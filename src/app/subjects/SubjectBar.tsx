import {
  ActionIcon,
  Button,
  FileButton,
  Group,
  Menu,
  Modal,
  ScrollArea,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconDots,
  IconDownload,
  IconFileZip,
  IconPencil,
  IconPlus,
  IconSparkles,
  IconTrash,
  IconTrashX,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Photo, Subject } from '../../library/types.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { useLibrary } from '../hooks.ts';
import { openSubject, theLibrary } from '../store/library.ts';
import { usePhotoUrl } from '../usePhotoUrl.ts';
import {
  createSubject,
  deleteSubject,
  downloadSubject,
  importZip,
  renameSubject,
  restoreSubject,
  trashSubject,
} from './actions.ts';
import { NewSubjectForm } from './NewSubjectForm.tsx';
import './subjects.css';

/** All subjects in a row; the open one's menu; new, import, trash. */
export function SubjectBar() {
  const subjects = useLibrary((state) => state.subjects);
  const trash = useLibrary((state) => state.trash);
  const current = useLibrary((state) => state.current);
  const [creating, { open: openNew, close: closeNew }] = useDisclosure(false);
  const [renaming, { open: openRename, close: closeRename }] = useDisclosure(false);
  const resetFile = useRef<() => void>(null);
  if (subjects.length === 0 && trash.length === 0) return null;
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm" align="center">
      <ScrollArea type="never" style={{ flex: 1, minWidth: 0 }}>
        <Group gap="xs" wrap="nowrap" role="tablist" aria-label="Subjects">
          {subjects.map((subject) => (
            <SubjectTab key={subject.id} subject={subject} selected={subject.id === current?.id} />
          ))}
          <Button
            variant="subtle"
            size="sm"
            leftSection={<IconPlus size={16} />}
            onClick={openNew}
            flex="none"
          >
            New subject
          </Button>
        </Group>
      </ScrollArea>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="Subject menu">
            <IconDots size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {current && (
            <>
              <Menu.Label>{current.name}</Menu.Label>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={openRename}>
                Rename
              </Menu.Item>
              <Menu.Item
                leftSection={<IconDownload size={16} />}
                onClick={() => void downloadSubject(current)}
              >
                Export as zip
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} />}
                onClick={() => void trashSubject(current)}
              >
                Move to trash
              </Menu.Item>
            </>
          )}
          <Menu.Divider />
          <FileButton
            accept=".zip,application/zip"
            resetRef={resetFile}
            onChange={(file) => {
              if (file) void importZip(file).finally(() => resetFile.current?.());
            }}
          >
            {(props) => (
              <Menu.Item {...props} closeMenuOnClick={false} leftSection={<IconFileZip size={16} />}>
                Import a zip
              </Menu.Item>
            )}
          </FileButton>
          <Menu.Item leftSection={<IconSparkles size={16} />} onClick={() => void openSubject(null)}>
            Samples and welcome
          </Menu.Item>
          {trash.length > 0 && <Menu.Label>Trash</Menu.Label>}
          {trash.map(({ subject }) => (
            <Menu.Item
              key={subject.id}
              onClick={() => void restoreSubject(subject)}
              rightSection={
                <ActionIcon
                  component="span"
                  size="sm"
                  variant="subtle"
                  color="red"
                  role="button"
                  tabIndex={0}
                  aria-label={`Delete ${subject.name} for ever`}
                  onClick={(event) => {
                    event.stopPropagation();
                    askDelete(subject);
                  }}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter') return;
                    event.stopPropagation();
                    askDelete(subject);
                  }}
                >
                  <IconTrashX size={16} />
                </ActionIcon>
              }
            >
              Restore {subject.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={creating} onClose={closeNew} title="New subject">
        <NewSubjectForm
          onSubmit={async (name, className) => {
            await createSubject(name, className);
            closeNew();
          }}
        />
      </Modal>
      {current && (
        <Modal opened={renaming} onClose={closeRename} title={`Rename ${current.name}`}>
          <NewSubjectForm
            name={current.name}
            className={current.className}
            submit="Save"
            onSubmit={async (name, className) => {
              await renameSubject(current, name, className);
              closeRename();
            }}
          />
        </Modal>
      )}
    </Group>
  );
}

function askDelete(subject: Subject): void {
  confirmDialog({
    title: `Delete ${subject.name} for ever?`,
    message:
      'Its photos, masks, adapters and runs are deleted from this browser, every byte. This cannot be undone.',
    confirm: 'Delete for ever',
    onConfirm: () => deleteSubject(subject),
  });
}

function SubjectTab({ subject, selected }: { subject: Subject; selected: boolean }) {
  const photos = useLibrary((state) => state.photos);
  const [cover, setCover] = useState<Photo>();
  const count = selected ? photos.length : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the open subject's cover may change with its photos
  useEffect(() => {
    theLibrary()
      .photos.list(subject.id, 'train')
      .then((list) => setCover(list[0]))
      .catch(() => setCover(undefined));
  }, [subject.id, count]);
  const url = usePhotoUrl(cover);
  return (
    <UnstyledButton
      role="tab"
      aria-selected={selected}
      className="subject-tab"
      onClick={() => {
        if (!selected) void openSubject(subject.id);
      }}
    >
      {url ? (
        <img src={url} alt="" />
      ) : (
        <span className="subject-letter">{subject.name[0]?.toUpperCase()}</span>
      )}
      <span>
        <Text size="sm" fw={600} truncate maw={140}>
          {subject.name}
        </Text>
        <Text size="xs" c="dimmed" truncate maw={140}>
          {subject.className}
        </Text>
      </span>
    </UnstyledButton>
  );
}
