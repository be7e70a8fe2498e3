import { ActionIcon, Badge, Button, Group, Slider, Stack, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload, IconTrash, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Photo } from '../../library/types.ts';
import { confirmDialog } from '../confirmDialog.tsx';
import { duration } from '../format.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { saveBlob } from '../saveBlob.ts';
import { applyThreshold, keepPicture } from '../store/drawnPictures.ts';
import { generationStore, thresholdOf } from '../store/generationState.ts';
import { refresh, theLibrary } from '../store/library.ts';
import { usePhotoUrl } from '../usePhotoUrl.ts';
import { ScoreHistogram } from './ScoreHistogram.tsx';

/** Generated pictures: the kept ones teach, the rejected ones stay in view and can be taken back. */
export function PictureGrid({ pictures }: { pictures: Photo[] }) {
  const { options, scale } = useStore(generationStore);
  const decided = pictures.filter(({ generated }) => generated?.decided).length;
  const kept = pictures.filter(({ generated }) => generated?.kept).length;
  const scores = pictures.flatMap(({ generated }) => generated?.score ?? []);
  const threshold = thresholdOf({ options, scale }, pictures);
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Text fw={600}>
          {kept} of {pictures.length} pictures kept for teaching
        </Text>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() =>
            confirmDialog({
              title: 'Delete the rejected pictures?',
              message: `${pictures.length - kept} pictures are deleted. The kept ones stay.`,
              confirm: 'Delete',
              onConfirm: async () => {
                for (const photo of pictures)
                  if (!photo.generated?.kept) await theLibrary().photos.remove(photo);
                await refresh();
              },
            })
          }
          disabled={kept === pictures.length}
        >
          Delete the rejected
        </Button>
      </Group>
      {scores.length > 1 && (
        <Group align="flex-end" gap="lg">
          <ScoreHistogram scores={scores} threshold={threshold} />
          {threshold !== null && (
            <Stack gap={2} flex="1 1 240px" maw={360}>
              <Text size="xs" c="dimmed">
                Keep from {threshold.toFixed(2)} on. The score is the mean cosine of the picture’s subject to
                your photos, by the pretrained encoder: a substitute for the paper’s DreamSim filter.
                {decided > 0 && ` What you decided by hand (${decided}) stays.`}
              </Text>
              <Slider
                min={0}
                max={1}
                step={0.01}
                // The text above says the value as it moves; a label over the thumb would cover that.
                label={null}
                value={threshold}
                thumbLabel="Lowest score that is kept"
                onChange={(value) => generationStore.setState({ options: { ...options, threshold: value } })}
                onChangeEnd={(value) =>
                  applyThreshold(value).catch((error) => notifyError('The filter', error))
                }
              />
            </Stack>
          )}
        </Group>
      )}
      <div className="picture-grid">
        {pictures.toReversed().map((photo) => (
          <Picture key={photo.id} photo={photo} />
        ))}
      </div>
    </Stack>
  );
}

function Picture({ photo }: { photo: Photo }) {
  const url = usePhotoUrl(photo);
  const { generated } = photo;
  if (!generated) return null;
  const { prompt, seed, score, kept, seconds, threshold } = generated;
  const does = (what: string, action: () => Promise<unknown>) => () => {
    action().catch((error) => notifyError(what, error));
  };
  return (
    <figure className="picture" data-kept={kept} data-testid="generated">
      <img src={url} alt={`${prompt}, seed ${seed}`} />
      <figcaption>
        <Badge size="sm" color={kept ? 'teal' : 'gray'} variant={kept ? 'filled' : 'light'}>
          {score !== null ? score.toFixed(2) : threshold === undefined ? 'not judged' : 'no subject seen'}
        </Badge>
        <Group gap={0} wrap="nowrap">
          <Tooltip label={kept ? 'Reject' : 'Keep'}>
            <ActionIcon
              size="sm"
              variant="subtle"
              aria-label={`${kept ? 'Reject' : 'Keep'} picture of seed ${seed}`}
              onClick={does('The picture', () => keepPicture(photo, !kept))}
            >
              {kept ? <IconX size={15} /> : <IconCheck size={15} />}
            </ActionIcon>
          </Tooltip>
          <Tooltip label={`Copy seed ${seed}`}>
            <ActionIcon
              size="sm"
              variant="subtle"
              aria-label={`Copy seed ${seed}`}
              onClick={does('The seed could not be copied', async () => {
                await navigator.clipboard.writeText(String(seed));
                notifyDone(`Seed ${seed} is copied.`);
              })}
            >
              <IconCopy size={15} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Download">
            <ActionIcon
              size="sm"
              variant="subtle"
              aria-label={`Download picture of seed ${seed}`}
              onClick={does('The download failed', async () =>
                saveBlob(await theLibrary().photos.blob(photo), photo.name),
              )}
            >
              <IconDownload size={15} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </figcaption>
      <Text size="xs" c="dimmed" lineClamp={2} title={prompt}>
        {prompt}
      </Text>
      <Text size="xs" c="dimmed">
        seed {seed} · {duration(seconds)}
      </Text>
    </figure>
  );
}
