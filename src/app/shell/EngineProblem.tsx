import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useEngine, useLibrary } from '../hooks.ts';

/** Says what keeps the graphics card from being used and what to do; the library works all the same. */
export function EngineProblem() {
  const problem = useEngine((state) => state.problem);
  const recovering = useEngine((state) => state.recovering);
  const notice = useLibrary((state) => state.notice);
  return (
    <>
      {recovering && (
        <Alert icon={<IconRefresh />} title="The graphics device was lost" color="amber">
          Asking for a new one. Training continues from its last checkpoint.
        </Alert>
      )}
      {problem && (
        <Alert icon={<IconAlertTriangle />} title={problem.title} color="red" data-testid="engine-problem">
          <Text size="sm">{problem.message}</Text>
          <List size="sm" mt="xs">
            <List.Item>
              Chrome or Edge 121 and newer have WebGPU on Windows, macOS, Android and ChromeOS.
            </List.Item>
            <List.Item>Safari 26 and newer, and Firefox 141 and newer on Windows, have it too.</List.Item>
            <List.Item>
              On Linux, turn on hardware acceleration and Vulkan in the browser’s settings.
            </List.Item>
          </List>
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
