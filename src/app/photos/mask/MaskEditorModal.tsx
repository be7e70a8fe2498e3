import {
  ActionIcon,
  Alert,
  Button,
  FileButton,
  Group,
  Loader,
  Modal,
  SegmentedControl,
  Slider,
  Stack,
  Switch,
  Text,
  Tooltip,
} from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconChevronRight,
  IconContrast2,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { useState } from 'react';
import { importMask } from '../../../library/mask/import.ts';
import type { Photo } from '../../../library/types.ts';
import { confirmDialog } from '../../confirmDialog.tsx';
import { useEngine } from '../../hooks.ts';
import { notifyDone, notifyError } from '../../notify.ts';
import { photosStore } from '../../store/photos.ts';
import { maskShare } from './brush.ts';
import { MaskCanvas } from './MaskCanvas.tsx';
import { MASK_FILES } from './maskFiles.ts';
import { type MaskTool, useMaskEditor } from './useMaskEditor.ts';

/** Editor of one photo's mask; arrows go to the next photo of the same role. */
export function MaskEditorModal({ photo, photos }: { photo: Photo; photos: Photo[] }) {
  const editor = useMaskEditor(photo);
  const encoder = useEngine((state) => state.encoder);
  const phone = useMediaQuery('(max-width: 48em)');
  const [tool, setTool] = useState<MaskTool>(encoder ? 'click' : 'brush');
  const [negative, setNegative] = useState(false);
  const [share, setShare] = useState(5);
  const radius = (share / 100) * Math.max(photo.width, photo.height);
  const index = photos.findIndex(({ id }) => id === photo.id);

  const leave = (next: string | null) => {
    const go = () => photosStore.setState({ editing: next });
    if (!editor.changed) return go();
    confirmDialog({
      title: 'Leave without saving?',
      message: 'The changes to this mask are not saved.',
      confirm: 'Leave',
      onConfirm: async () => go(),
    });
  };
  const save = async (next: string | null) => {
    try {
      await editor.save();
      photosStore.setState({ editing: next });
    } catch (error) {
      notifyError('The mask could not be saved', error);
    }
  };
  const take = async (file: File | null) => {
    if (!file) return;
    try {
      const { mask, notes } = await importMask(file, file.name, photo);
      editor.replace(mask, 'imported');
      if (notes.length) notifyDone(notes.join(' '));
    } catch (error) {
      notifyError(`${file.name} is no mask for this photo`, error);
    }
  };
  useHotkeys([
    ['mod+Z', editor.undo],
    ['mod+shift+Z', editor.redo],
    ['mod+Y', editor.redo],
    ['1', () => setTool('click')],
    ['2', () => setTool('brush')],
    ['3', () => setTool('eraser')],
    ['[', () => setShare((before) => Math.max(1, before - 1))],
    [']', () => setShare((before) => Math.min(20, before + 1))],
  ]);
  const next = photos[index + 1];

  return (
    <Modal
      opened
      onClose={() => leave(null)}
      size="xl"
      fullScreen={phone ?? false}
      title={`Mask of ${photo.name}`}
      closeOnClickOutside={false}
    >
      <Stack gap="sm">
        <Group gap="sm">
          <SegmentedControl
            aria-label="Tool"
            value={tool}
            onChange={(value) => setTool(value as MaskTool)}
            data={[
              { value: 'click', label: 'Click', disabled: !encoder },
              { value: 'brush', label: 'Brush' },
              { value: 'eraser', label: 'Eraser' },
            ]}
          />
          {tool === 'click' ? (
            <Switch
              label="Not this"
              checked={negative}
              onChange={(event) => setNegative(event.currentTarget.checked)}
            />
          ) : (
            <Slider
              w={140}
              min={1}
              max={20}
              value={share}
              onChange={setShare}
              thumbLabel="Size of the brush"
              label={(value) => `${value} %`}
            />
          )}
          <Group gap={4}>
            <Icon
              label="Undo (Ctrl+Z)"
              disabled={!editor.canUndo}
              onClick={editor.undo}
              icon={<IconArrowBackUp size={18} />}
            />
            <Icon
              label="Redo (Ctrl+Shift+Z)"
              disabled={!editor.canRedo}
              onClick={editor.redo}
              icon={<IconArrowForwardUp size={18} />}
            />
            <Icon label="Invert" onClick={editor.invert} icon={<IconContrast2 size={18} />} />
            <Icon label="Clear" onClick={editor.clear} icon={<IconTrash size={18} />} />
            <FileButton accept={MASK_FILES} onChange={(file) => void take(file)}>
              {(props) => <Icon {...props} label="Import a mask" icon={<IconUpload size={18} />} />}
            </FileButton>
          </Group>
        </Group>
        <Text size="sm" c="dimmed">
          {tool === 'click'
            ? 'Click on your subject. Click again where it is missing; “Not this” (or Alt) takes away.'
            : 'Paint over what belongs to your subject, erase what does not. The wheel or two fingers zoom.'}
        </Text>
        <div style={{ position: 'relative' }}>
          <MaskCanvas photo={photo} editor={editor} tool={tool} negative={negative} radius={radius} />
          {editor.proposing && (
            <Group className="mask-busy" gap={6}>
              <Loader size="xs" />
              <Text size="sm">Looking …</Text>
            </Group>
          )}
        </div>
        {editor.error && (
          <Alert color="red" variant="light">
            {editor.error}
          </Alert>
        )}
        <Group justify="space-between">
          <Group gap={4}>
            <Icon
              label="Previous photo"
              disabled={index <= 0}
              onClick={() => leave(photos[index - 1]?.id ?? null)}
              icon={<IconChevronLeft size={18} />}
            />
            <Text size="sm" c="dimmed">
              {index + 1} of {photos.length}
              {editor.mask && ` · ${(100 * maskShare(editor.mask)).toFixed(1)} % marked`}
            </Text>
            <Icon
              label="Next photo"
              disabled={!next}
              onClick={() => leave(next?.id ?? null)}
              icon={<IconChevronRight size={18} />}
            />
          </Group>
          <Group gap="xs">
            {next && (
              <Button variant="light" onClick={() => void save(next.id)}>
                Save and next
              </Button>
            )}
            <Button onClick={() => void save(null)}>Save</Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}

function Icon({
  label,
  icon,
  ...props
}: {
  label: string;
  icon: React.ReactNode;
  disabled?: boolean;
  onClick?: () => void;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} {...props}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
