import { Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { applyColormap } from '../../dense/colormap.ts';

/** Steps of the colour bar. */
const STEPS = 128;

/** The colour scale both maps share, with its ends in cosine. */
export function Legend({ low, high, diverging }: { low: number; high: number; diverging: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const values = Float32Array.from({ length: STEPS }, (_, i) => i / (STEPS - 1));
    const colors = applyColormap(values, 0, 1, diverging ? 'diverging' : 'sequential');
    canvas.current
      ?.getContext('2d')
      ?.putImageData(new ImageData(new Uint8ClampedArray(colors), STEPS, 1), 0, 0);
  }, [diverging]);
  const unit = diverging ? 'difference of cosines' : 'cosine';
  return (
    <Group
      gap="xs"
      role="img"
      aria-label={`Colour scale from ${low.toFixed(2)} to ${high.toFixed(2)}, ${unit}`}
    >
      <Group gap="xs" wrap="nowrap">
        <Text size="xs" ff="monospace">
          {low.toFixed(2)}
        </Text>
        <canvas ref={canvas} width={STEPS} height={1} className="legend-bar" />
        <Text size="xs" ff="monospace">
          {high.toFixed(2)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {unit}, one scale for both
      </Text>
    </Group>
  );
}
