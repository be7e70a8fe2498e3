import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconRefresh } from '@tabler/icons-react';
import { useEngine, useLibrary } from '../hooks.ts';
import { engineStore } from '../store/engine.ts';

/** Says what keeps the engine from computing and what to do; the library works all the same. */
export function EngineProblem() {
  const problem = useEngine((state) => state.problem);
  const recovering = useEngine((state) => state.recovering);
  const moved = useEngine((state) => state.notice);
  const notice = useLibrary((state) => state.notice);
  return (
    <>
      {recovering && (
        <Alert icon={<IconRefresh />} title="The device was lost" color="amber">
          Asking for a new one. Training continues from its last checkpoint.
        </Alert>
      )}
      {moved && (
        <Alert
          icon={<IconInfoCircle />}
          title="Something else computes now"
          color="amber"
          withCloseButton
          closeButtonLabel="Close"
          onClose={() => engineStore.setState({ notice: null })}
        >
          {moved}
        </Alert>
      )}
      {problem && (
        <Alert icon={<IconAlertTriangle />} title={problem.title} color="red" data-testid="engine-problem">
          <Text size="sm">{problem.message}</Text>
          {problem.browser && (
            <List size="sm" mt="xs">
              <List.Item>
                Any browser of the last years computes on the processor: Chrome and Edge from 91 on, Firefox
                from 89 on, Safari from 16.4 on.
              </List.Item>
              <List.Item>
                Where a setting or a policy turns WebAssembly off (lockdown modes do), allow it for this page.
              </List.Item>
            </List>
          )}
          <Text size="sm" mt="xs">
            Your photos are safe: you can still add, mask, export and delete them here.
          </Text>
        </Alert>
      )}
      {notice && (
        <Alert icon={<IconAlertTriangle />} title="Storage" color="amber">
          {notice}
        </Alert>
      )}
    </>
  );
}
