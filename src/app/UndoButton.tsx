import { Button } from '@mantine/core';

/** The button inside an “it is gone” notification. */
export function UndoButton({ onUndo }: { onUndo: () => Promise<void> }) {
  return (
    <Button size="compact-sm" variant="light" mt={4} onClick={() => void onUndo()}>
      Undo
    </Button>
  );
}
