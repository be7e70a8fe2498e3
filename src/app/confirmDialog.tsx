import { Button, Group, List, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { notifyError } from './notify.ts';

/** A question that must be answered before something that cannot be undone, or can be done in two ways. */
export interface Confirmation {
  title: string;
  message: string;
  /** What there is to know besides, a sentence each. */
  notes?: readonly string[];
  /** Words on the button that does it. */
  confirm: string;
  onConfirm: () => Promise<void>;
  /** Nothing is lost by it. */
  harmless?: boolean;
  /** Another answer; then neither of the two is a danger. */
  alternative?: { label: string; onConfirm: () => Promise<void> };
}

const store = createStore<{ asked: Confirmation | null }>(() => ({ asked: null }));

/** Ask. */
export function confirmDialog(asked: Confirmation): void {
  store.setState({ asked });
}

/** Shows the question that was asked last; mounted once. */
export function ConfirmDialog() {
  const asked = useStore(store, (state) => state.asked);
  const [busy, setBusy] = useState(false);
  // An answer may ask the next question: that one stays.
  const close = () => store.setState(({ asked: now }) => (now === asked ? { asked: null } : {}));
  const answer = (act: (() => Promise<void>) | undefined) => async () => {
    setBusy(true);
    try {
      await act?.();
    } catch (error) {
      notifyError(asked?.title ?? '', error);
    } finally {
      setBusy(false);
      close();
    }
  };
  return (
    <Modal opened={asked !== null} onClose={close} title={asked?.title} centered>
      <Stack>
        <Text size="sm">{asked?.message}</Text>
        {asked?.notes && asked.notes.length > 0 && <Notes notes={asked.notes} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          {asked?.alternative && (
            <Button variant="light" loading={busy} onClick={answer(asked.alternative.onConfirm)}>
              {asked.alternative.label}
            </Button>
          )}
          <Button
            {...(asked?.alternative || asked?.harmless ? {} : { color: 'red' })}
            loading={busy}
            onClick={answer(asked?.onConfirm)}
          >
            {asked?.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <ScrollArea.Autosize mah={240}>
      <List size="sm" spacing={4}>
        {notes.map((note) => (
          <List.Item key={note} className="note">
            {note}
          </List.Item>
        ))}
      </List>
    </ScrollArea.Autosize>
  );
}
