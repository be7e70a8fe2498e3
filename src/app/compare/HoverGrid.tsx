import { Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { sharedRange } from '../../dense/colormap.ts';
import type { HoverMap } from '../../engine/protocol.ts';
import type { Photo } from '../../library/types.ts';
import { compareStore, hoverPatch } from '../store/compare.ts';
import type { MapDrawing } from './drawMap.ts';
import { MapView } from './MapView.tsx';

/** Every open photo under the similarity to the patch that is pointed at, in both encoders. */
export function HoverGrid({ photos }: { photos: Photo[] }) {
  const { hover, opacity, selectedId } = useStore(compareStore);
  const range = useMemo(
    () => (hover?.maps.length ? sharedRange(hover.maps.map(({ values }) => values)) : null),
    [hover],
  );
  const others = photos.filter(({ id }) => id !== selectedId);
  const known = others.filter(({ id }) => hover?.maps.some(({ key }) => key.startsWith(`${id}:`)));

  const drawing = (photo: Photo, map: HoverMap): MapDrawing => ({
    values: map.values,
    columns: map.columns,
    rows: map.rows,
    low: range!.low,
    high: range!.high,
    diverging: false,
    opacity,
    mask: null,
    box: null,
    patch: hover?.photoId === photo.id ? hover.patch : null,
  });

  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        Point at a patch of a photo, or focus it and press the arrow keys: every photo whose maps were
        computed shows how similar its patches are.{' '}
        {known.length < others.length && 'Score all photos below to include the others.'}
      </Text>
      <div className="hover-grid">
        {known.flatMap((photo) =>
          (hover?.maps ?? [])
            .filter(({ key }) => key.startsWith(`${photo.id}:`))
            .map((map) => (
              <MapView
                key={`${photo.id} ${map.which}`}
                photo={photo}
                title={map.which === 'pretrained' ? 'Pretrained' : 'Personalized'}
                drawing={drawing(photo, map)}
                onPatch={(patch) => hoverPatch(photo, patch, photos)}
              />
            )),
        )}
      </div>
    </Stack>
  );
}
