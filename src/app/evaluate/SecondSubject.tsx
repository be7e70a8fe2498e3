import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { SampleSubject } from '../../library/samples.ts';
import type { Subject } from '../../library/types.ts';
import { notifyDone } from '../notify.ts';
import { readOthers } from '../store/evaluation.ts';
import { bundledSamples } from '../store/negatives.ts';
import { addSampleBeside, createSubject } from '../subjects/actions.ts';
import { NewSubjectForm } from '../subjects/NewSubjectForm.tsx';
import { sampleBeside } from './sampleBeside.ts';

/** Shown where the open subject is the only one: retrieval ranks the training photos of several. A way to a second. */
export function SecondSubject({ current, disabled }: { current: Subject; disabled: boolean }) {
  const [samples, setSamples] = useState<readonly SampleSubject[]>([]);
  const [adding, setAdding] = useState(false);
  const [creating, { open, close }] = useDisclosure(false);
  useEffect(() => {
    if (!current.sampleId) return;
    // Without them there is the form still.
    bundledSamples()
      .then(({ subjects }) => setSamples(subjects))
      .catch(() => setSamples([]));
  }, [current.sampleId]);
  const sample = sampleBeside(current, samples);
  const add = async (): Promise<void> => {
    setAdding(true);
    const added = sample && (await addSampleBeside(sample.id));
    if (added) {
      await readOthers();
      notifyDone(`${added.name} is added beside ${current.name}.`);
    }
    setAdding(false);
  };
  return (
    <Alert color="plum" variant="light" icon={<IconInfoCircle />}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex="1 1 320px">
          Retrieval needs a second subject: it ranks the training photos of all by how like a test photo they
          are. The test photos of the second count as negatives.
        </Text>
        <Group gap="xs">
          {sample && (
            <Button
              size="xs"
              variant="default"
              disabled={disabled}
              loading={adding}
              onClick={() => void add()}
            >
              Add {sample.name}, a sample
            </Button>
          )}
          <Button size="xs" variant={sample ? 'subtle' : 'default'} disabled={disabled} onClick={open}>
            Add a subject of your own
          </Button>
        </Group>
      </Group>
      <Modal opened={creating} onClose={close} title="New subject">
        <NewSubjectForm
          onSubmit={async (name, className) => {
            await createSubject(name, className);
            close();
          }}
        />
      </Modal>
    </Alert>
  );
}
