import { Button, Group, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { classPrompt } from '../../diffusion/captions/prompts.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { removeClassImages, storedClassImages } from '../store/classImages.ts';
import { classImagesChanged, generationStore } from '../store/generationState.ts';

/** Pictures that are shown; all of them would be too many. */
const SHOWN = 24;

/** Others of the subject's class that the untuned generator drew: what they are for, a look at them, a way to be rid of them. */
export function KindGallery({ generatorId, disabled }: { generatorId: string; disabled: boolean }) {
  const className = useLibrary(({ current }) => current?.className);
  const stored = useStore(generationStore, ({ classImages }) => classImages);
  const [urls, setUrls] = useState<string[]>([]);
  const [count, setCount] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `stored` counts what was added
  useEffect(() => {
    if (!className) return;
    let gone = false;
    let made: string[] = [];
    storedClassImages(generatorId, className).then(
      (images) => {
        if (gone) return;
        made = images
          .slice(-SHOWN)
          .map(({ png }) => URL.createObjectURL(new Blob([png], { type: 'image/png' })));
        setUrls(made);
        setCount(images.length);
      },
      (error) => notifyError('The pictures could not be read', error),
    );
    return () => {
      gone = true;
      for (const url of made) URL.revokeObjectURL(url);
    };
  }, [className, generatorId, stored]);

  if (!className) return null;
  const remove = async (): Promise<void> => {
    await removeClassImages(generatorId, className);
    classImagesChanged();
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" flex="1 1 240px">
          The generator as it came draws “{classPrompt(className)}”. The pictures are kept for everything you
          teach of this kind: the encoder learns to tell yours from them when it learns from drawn pictures.{' '}
          {count === 0 ? 'There are none yet.' : `There are ${count}.`}
        </Text>
        {count > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            disabled={disabled}
            leftSection={<IconTrash size={16} />}
            onClick={() =>
              confirmDialog({
                title: 'Delete these pictures?',
                message: `${count} pictures of “${className}” are deleted, for every subject of that kind.`,
                confirm: 'Delete',
                onConfirm: () => remove().catch((error) => notifyError('The pictures', error)),
              })
            }
          >
            Delete them
          </Button>
        )}
      </Group>
      {urls.length > 0 && (
        <Group gap={8}>
          {urls.map((url, i) => (
            <img
              key={url}
              src={url}
              alt={`${className} ${count - urls.length + i + 1} of ${count}`}
              className="gallery-picture"
              data-testid="class-image"
            />
          ))}
        </Group>
      )}
    </Stack>
  );
}
