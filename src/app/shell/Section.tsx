import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** One step of the street as a card: number, title, one line of what it is, controls on the right, content. */
export function Section({
  step,
  title,
  hint,
  controls,
  children,
}: {
  step: number;
  title: string;
  hint: string;
  controls?: ReactNode;
  children: ReactNode;
}) {
  const id = `step-${step}`;
  return (
    <section className="card" aria-labelledby={id}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Group gap="sm" wrap="nowrap" align="flex-start" miw={0}>
            <span className="step-number" aria-hidden>
              {step}
            </span>
            <div>
              <Title order={2} id={id}>
                {title}
              </Title>
              <Text c="dimmed" size="sm">
                {hint}
              </Text>
            </div>
          </Group>
          {controls}
        </Group>
        {children}
      </Stack>
    </section>
  );
}
