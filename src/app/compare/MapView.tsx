import { ActionIcon, Badge, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import type { Photo } from '../../library/types.ts';
import { downloadCanvas } from './downloadCanvas.ts';
import { drawMap, type MapDrawing } from './drawMap.ts';
import { usePhotoBitmap } from './usePhotoBitmap.ts';

/** Longest side of the canvas, in pixels. */
const SIDE = 640;

/** One photo under one map, with a caption and a download; reports the patch under the pointer. */
export function MapView({
  photo,
  title,
  badge,
  drawing,
  onPatch,
}: {
  photo: Photo;
  title: string;
  badge?: string;
  drawing: MapDrawing | null;
  onPatch?: (patch: number) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bitmap = usePhotoBitmap(photo);
  const scale = SIDE / Math.max(photo.width, photo.height);
  const width = Math.round(photo.width * scale);
  const height = Math.round(photo.height * scale);

  useEffect(() => {
    if (!canvas.current || !bitmap) return;
    if (drawing) drawMap(canvas.current, bitmap, drawing);
    else canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  }, [bitmap, drawing, width, height]);

  const point = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!drawing || !onPatch) return;
    const area = event.currentTarget.getBoundingClientRect();
    const column = Math.floor(((event.clientX - area.left) / area.width) * drawing.columns);
    const row = Math.floor(((event.clientY - area.top) / area.height) * drawing.rows);
    const inside = column >= 0 && row >= 0 && column < drawing.columns && row < drawing.rows;
    if (inside) onPatch(row * drawing.columns + column);
  };

  const step = (event: KeyboardEvent<HTMLCanvasElement>) => {
    if (!drawing || !onPatch) return;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const middle = Math.floor(drawing.rows / 2) * drawing.columns + Math.floor(drawing.columns / 2);
    const from = drawing.patch ?? middle;
    const column = Math.max(0, Math.min(drawing.columns - 1, (from % drawing.columns) + move[0]));
    const row = Math.max(0, Math.min(drawing.rows - 1, Math.floor(from / drawing.columns) + move[1]));
    onPatch(row * drawing.columns + column);
  };

  return (
    <Stack gap={6} miw={0} style={{ flex: '1 1 260px' }}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fw={600} size="sm" truncate>
          {title}
        </Text>
        <Group gap={6} wrap="nowrap">
          {badge && <Badge variant="light">{badge}</Badge>}
          <Tooltip label="Download this map as PNG">
            <ActionIcon
              variant="subtle"
              aria-label={`Download the ${title.toLowerCase()} map as PNG`}
              disabled={!drawing}
              onClick={() =>
                void downloadCanvas(canvas.current, `${photo.name.replace(/\.[^.]*$/, '')} ${title}.png`)
              }
            >
              <IconDownload size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <canvas
        ref={canvas}
        width={width}
        height={height}
        role="img"
        aria-label={`${title} map of ${photo.name}`}
        tabIndex={onPatch ? 0 : -1}
        className="map-canvas"
        onPointerMove={point}
        onPointerDown={point}
        onKeyDown={step}
      />
    </Stack>
  );
}
