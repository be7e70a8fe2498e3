import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { createSubject } from './actions.ts';

/** Name and class word of a new subject; also for changing them. */
export function NewSubjectForm({
  name: givenName = '',
  className: givenClass = '',
  submit = 'Create',
  onSubmit = createSubject,
}: {
  name?: string;
  className?: string;
  submit?: string;
  onSubmit?: (name: string, className: string) => Promise<void>;
}) {
  const [name, setName] = useState(givenName);
  const [className, setClassName] = useState(givenClass);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name.trim() || !className.trim()) return;
    setBusy(true);
    void onSubmit(name.trim(), className.trim()).finally(() => setBusy(false));
  };
  return (
    <form onSubmit={send} noValidate>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="What you call it"
          placeholder="Biscuit"
          value={name}
          maxLength={80}
          error={tried && !name.trim() ? 'Give it a name.' : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="What is it?"
          description="One plain word for its kind"
          placeholder="dog"
          value={className}
          maxLength={40}
          error={tried && !className.trim() ? 'Say what it is: dog, mug, bag …' : undefined}
          onChange={(event) => setClassName(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
