import { Alert, Card, Group, Loader, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconCamera, IconLock, IconMap2, IconSparkles } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { type SampleManifest, sampleUrl } from '../../library/samples.ts';
import { bundledSamples } from '../store/negatives.ts';
import { addSample } from '../subjects/actions.ts';
import { DatasetButton } from '../subjects/DatasetButton.tsx';
import { NewSubjectForm } from '../subjects/NewSubjectForm.tsx';
import { Logo } from './Logo.tsx';

const STEPS = [
  { icon: IconCamera, title: 'Photos', text: 'Three or more of one thing. One click marks it in each.' },
  {
    icon: IconSparkles,
    title: 'Teach',
    text: 'New pictures of it are made, and the encoder learns from them.',
  },
  { icon: IconMap2, title: 'Compare', text: 'See where the encoder finds it, before and after.' },
];

/** Shown when no subject is open: what this is, and two ways to begin. */
export function Welcome() {
  return (
    <Stack gap="lg">
      <section className="card hero">
        <Group align="flex-start" gap="lg">
          <Logo size={72} />
          <Stack gap={6} flex="1 1 320px">
            <Title order={1}>Teach a vision model what is yours</Title>
            <Text size="lg">
              A few photos of your dog, your mug, your bag, and the encoder learns to find it: among others
              like it, in places it has never seen.
            </Text>
            <Group gap={6} wrap="nowrap">
              <IconLock size={16} />
              <Text size="sm">Everything happens on this machine. No photo leaves it.</Text>
            </Group>
          </Stack>
        </Group>
        <SimpleGrid cols={{ base: 1, sm: 3 }} mt="lg">
          {STEPS.map(({ icon: Icon, title, text }, i) => (
            <Group key={title} wrap="nowrap" align="flex-start" gap="sm">
              <span className="step-number">{i + 1}</span>
              <div>
                <Group gap={6}>
                  <Icon size={18} />
                  <Text fw={650}>{title}</Text>
                </Group>
                <Text size="sm" c="dimmed">
                  {text}
                </Text>
              </div>
            </Group>
          ))}
        </SimpleGrid>
      </section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <section className="card" aria-labelledby="own">
          <Title order={2} id="own">
            Start with your own photos
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            Give it a name; you add photos next.
          </Text>
          <NewSubjectForm />
          <Text size="sm" c="dimmed" mt="lg" mb="xs">
            Or a folder with many: train/ and test/ with a folder a subject, masks beside them, as the paper’s
            code has it; PODS and Toybox too.
          </Text>
          <DatasetButton />
        </section>
        <section className="card" aria-labelledby="samples">
          <Title order={2} id="samples">
            Try with a sample
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            Small subjects rendered for this project, with masks, test photos and look-alikes.
          </Text>
          <Samples />
        </section>
      </SimpleGrid>
    </Stack>
  );
}

function Samples() {
  const [manifest, setManifest] = useState<SampleManifest>();
  const [problem, setProblem] = useState<string>();
  const [adding, setAdding] = useState<string>();
  useEffect(() => {
    bundledSamples()
      .then(setManifest)
      .catch((error: Error) => setProblem(error.message));
  }, []);
  if (problem) return <Alert color="red">{problem}</Alert>;
  if (!manifest) return <Loader size="sm" />;
  return (
    <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="sm">
      {manifest.subjects.map(({ id, name, className, cover }) => (
        <UnstyledButton
          key={id}
          className="sample-card"
          disabled={adding !== undefined}
          aria-label={`Try with ${name}, a ${className}`}
          onClick={() => {
            setAdding(id);
            void addSample(id).finally(() => setAdding(undefined));
          }}
        >
          <Card padding={0} radius="md" withBorder>
            <img src={sampleUrl(manifest, cover)} alt="" loading="lazy" />
            <Group gap={6} p={6} justify="space-between" wrap="nowrap">
              <div>
                <Text size="sm" fw={600} truncate>
                  {name}
                </Text>
                <Text size="xs" c="dimmed">
                  {className}
                </Text>
              </div>
              {adding === id && <Loader size="xs" />}
            </Group>
          </Card>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  );
}
