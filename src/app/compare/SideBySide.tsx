import { Group, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { sharedRange } from '../../dense/colormap.ts';
import type { DenseMap } from '../../engine/protocol.ts';
import type { Photo } from '../../library/types.ts';
import { type ComparedPhoto, comparablePhotos, compareStore, hoverPatch } from '../store/compare.ts';
import { libraryStore } from '../store/library.ts';
import type { MapDrawing } from './drawMap.ts';
import { Legend } from './Legend.tsx';
import { MapView } from './MapView.tsx';
import { ScoreChange } from './ScoreChange.tsx';

const TITLES = { pretrained: 'Pretrained', personalized: 'Personalized' } as const;

/** The selected photo under the pretrained and the personalized encoder, on one colour scale. */
export function SideBySide({ photo, compared }: { photo: Photo; compared: ComparedPhoto | null }) {
  const { mode, opacity, showMask, showBox, hovering, hover } = useStore(compareStore);
  const current = compared?.photoId === photo.id ? compared : null;
  const maps = current?.maps;
  const diverging = mode === 'object-minus-background' && !hovering;
  const hovered = hovering && hover ? hover.maps.filter(({ key }) => key.startsWith(`${photo.id}:`)) : [];
  const shown = hovered.length ? hovered : (maps ?? []);
  const range = useMemo(
    () =>
      shown.length
        ? sharedRange(
            shown.map(({ values }) => values),
            { symmetric: diverging },
          )
        : null,
    [shown, diverging],
  );
  const before = maps?.find(({ which }) => which === 'pretrained');
  const after = maps?.find(({ which }) => which === 'personalized');

  const drawing = (which: DenseMap['which']): MapDrawing | null => {
    const map = maps?.find((candidate) => candidate.which === which);
    const values = shown.find((candidate) => candidate.which === which);
    if (!map || !values || !range) return null;
    return {
      values: values.values,
      columns: values.columns,
      rows: values.rows,
      low: range.low,
      high: range.high,
      diverging,
      opacity,
      mask: showMask && !hovered.length ? map.mask : null,
      box: showBox && !hovered.length ? map.box : null,
      patch: hovering && hover?.photoId === photo.id ? hover.patch : null,
    };
  };
  const onPatch = hovering
    ? (patch: number) => hoverPatch(photo, patch, comparablePhotos(libraryStore.getState().photos))
    : undefined;

  return (
    <Stack gap="sm">
      <Group gap="md" align="flex-start">
        <MapView
          photo={photo}
          title={TITLES.pretrained}
          drawing={drawing('pretrained')}
          {...(before ? { badge: before.score.toFixed(3) } : {})}
          {...(onPatch ? { onPatch } : {})}
        />
        {after || !maps ? (
          <MapView
            photo={photo}
            title={TITLES.personalized}
            drawing={drawing('personalized')}
            {...(after ? { badge: after.score.toFixed(3) } : {})}
            {...(onPatch ? { onPatch } : {})}
          />
        ) : (
          <Stack className="map-empty" justify="center" align="center" gap={4}>
            <Text fw={600}>Not taught yet</Text>
            <Text size="sm" c="dimmed" ta="center">
              Press “Teach” above. The personalized map appears here, beside the pretrained one.
            </Text>
          </Stack>
        )}
      </Group>
      <Group justify="space-between" gap="md">
        {range && <Legend low={range.low} high={range.high} diverging={diverging} />}
        {before && (
          <ScoreChange before={before} {...(after ? { after } : {})} isSubject={photo.isSubject !== false} />
        )}
      </Group>
    </Stack>
  );
}
