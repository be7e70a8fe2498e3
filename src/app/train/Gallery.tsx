import { Group, ScrollArea, Text, Tooltip } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { PositiveMade } from '../../engine/protocol.ts';

const SOURCES = { real: 'Real', cutpaste: 'Cut/Paste', generated: 'Generated' } as const;

/** Positives as they are made, newest first; what each was made from shows on hover and focus. */
export function Gallery({ positives }: { positives: PositiveMade[] }) {
  if (positives.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        Positives
      </Text>
      <ScrollArea type="auto" offsetScrollbars="x">
        <Group gap={6} wrap="nowrap">
          {positives.toReversed().map((positive) => (
            <Picture key={positive.index} positive={positive} />
          ))}
        </Group>
      </ScrollArea>
    </div>
  );
}

function Picture({ positive: { image, provenance, source } }: { positive: PositiveMade }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current
      ?.getContext('2d')
      ?.putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  }, [image]);
  return (
    <Tooltip label={`${SOURCES[source]}: ${provenance}`} multiline maw={280}>
      <canvas
        ref={canvas}
        width={image.width}
        height={image.height}
        className="gallery-picture"
        role="img"
        aria-label={provenance}
        tabIndex={0}
      />
    </Tooltip>
  );
}
