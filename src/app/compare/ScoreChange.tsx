import { Group, Stack, Text, Tooltip } from '@mantine/core';
import type { DenseMap } from '../../engine/protocol.ts';

/** The numbers of one photo, before and after; a change for the worse is shown as plainly as one for the better. */
export function ScoreChange({
  before,
  after,
  isSubject,
}: {
  before: DenseMap;
  after?: DenseMap;
  isSubject: boolean;
}) {
  return (
    <Group gap="lg">
      <Change
        name="Similarity to your photos"
        hint="Largest cosine of this photo’s class token to those of your training photos"
        before={before.score}
        after={after?.score}
        better={isSubject ? 1 : -1}
      />
      {before.patchAp !== null && (
        <Change
          name="Patch AP"
          hint="Average precision of the raw map against this photo’s mask; no threshold"
          before={before.patchAp}
          after={after?.patchAp ?? undefined}
          better={1}
        />
      )}
      {before.iou !== null && (
        <Change
          name="Mask IoU"
          hint="Overlap of the map’s Otsu mask with this photo’s mask"
          before={before.iou}
          after={after?.iou ?? undefined}
          better={1}
        />
      )}
    </Group>
  );
}

function Change({
  name,
  hint,
  before,
  after,
  better,
}: {
  name: string;
  hint: string;
  before: number;
  after: number | undefined;
  better: 1 | -1;
}) {
  const change = after === undefined ? 0 : after - before;
  const color = Math.abs(change) < 0.0005 ? 'dimmed' : change * better > 0 ? 'teal' : 'red';
  return (
    <Tooltip label={hint} multiline w={260}>
      <Stack gap={0}>
        <Text size="xs" c="dimmed">
          {name}
        </Text>
        <Group gap={6} wrap="nowrap">
          <Text ff="monospace" size="sm">
            {before.toFixed(3)}
            {after !== undefined && ` → ${after.toFixed(3)}`}
          </Text>
          {after !== undefined && (
            <Text ff="monospace" size="sm" fw={700} c={color} data-testid={`change-${name}`}>
              {signed(change)}
            </Text>
          )}
        </Group>
      </Stack>
    </Tooltip>
  );
}

/** A number with its sign, a real minus. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
