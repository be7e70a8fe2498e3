import { Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useMemo } from 'react';
import { applyColormap, sharedRange } from '../../dense/colormap.ts';
import type { Photo } from '../../library/types.ts';
import { PixelsCanvas } from '../PixelsCanvas.tsx';
import { selectPhoto } from '../store/compare.ts';
import type { EvaluatedRow } from '../store/evaluationResult.ts';
import { mapValues, type SmallMap } from '../store/smallMap.ts';
import { usePhotoUrl } from '../usePhotoUrl.ts';
import { type HardPicture, hardest } from './hardest.ts';

/** The photos of the subject that look least like it, and those of others that look most like it, before and after. */
export function HardPictures({ rows, photos }: { rows: EvaluatedRow[]; photos: readonly Photo[] }) {
  const { positives, negatives } = useMemo(() => hardest(rows), [rows]);
  const after = rows.length > 1 ? ' after teaching' : '';
  return (
    <Stack gap="sm">
      <Strip
        title="Hardest of your subject"
        hint={`least similar${after}`}
        {...{ pictures: positives, photos, better: 1 }}
      />
      <Strip
        title="Hardest of others"
        hint={`most similar${after}`}
        {...{ pictures: negatives, photos, better: -1 }}
      />
    </Stack>
  );
}

function Strip({
  title,
  hint,
  pictures,
  photos,
  better,
}: {
  title: string;
  hint: string;
  pictures: HardPicture[];
  /** Those of other subjects too. */
  photos: readonly Photo[];
  better: 1 | -1;
}) {
  const known = pictures.flatMap((picture) => {
    const photo = photos.find(({ id }) => id === picture.image);
    return photo ? [{ photo, ...picture }] : [];
  });
  if (known.length === 0) return null;
  const below =
    known[0]!.after === null ? 'Below, the map.' : 'Below, the maps before and after on one scale.';
  return (
    <Stack gap={4}>
      <Text size="sm">
        <b>{title}</b>, {hint}. {below} Click to see more in Compare.
      </Text>
      <Group gap="xs">
        {known.map(({ photo, before, after, maps }) => (
          <UnstyledButton
            key={photo.id}
            aria-label={`Show ${photo.name} in Compare`}
            onClick={() => {
              selectPhoto(photo);
              document.getElementById('step-4')?.scrollIntoView({ behavior: 'smooth' });
            }}
          >
            <Thumbnail photo={photo} />
            <Maps maps={maps} />
            <Text size="xs" ff="monospace" ta="center">
              {before.toFixed(2)}
              {after !== null && (
                <Text span inherit c={(after - before) * better >= 0 ? 'teal' : 'red'}>
                  {' → '}
                  {after.toFixed(2)}
                </Text>
              )}
            </Text>
          </UnstyledButton>
        ))}
      </Group>
    </Stack>
  );
}

function Thumbnail({ photo }: { photo: Photo }) {
  const url = usePhotoUrl(photo);
  return url ? (
    <img src={url} alt="" width={104} height={104} style={{ objectFit: 'cover', borderRadius: 8 }} />
  ) : null;
}

/** Small maps side by side on one colour scale. */
function Maps({ maps }: { maps: readonly SmallMap[] }) {
  const pictures = useMemo(() => {
    const values = maps.map(mapValues);
    const { low, high } = sharedRange(values);
    return maps.map(({ columns, rows }, i) => ({
      ...{ width: columns, height: rows },
      data: applyColormap(values[i]!, low, high),
    }));
  }, [maps]);
  if (pictures.length === 0) return null;
  return (
    <Group gap={4} wrap="nowrap" mt={4} w={104}>
      {pictures.map((pixels, i) => (
        <PixelsCanvas key={NAMES[i]} pixels={pixels} label={`${NAMES[i]} map`} className="small-map" />
      ))}
    </Group>
  );
}

const NAMES = ['Pretrained', 'Personalized'];
