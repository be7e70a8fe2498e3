import { Kbd, Modal, Stack, Table, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';

const SHORTCUTS: [keys: string[], what: string][] = [
  [['?'], 'This page'],
  [['←', '→'], 'Next photo in a row of photos'],
  [['Enter'], 'Open the mask of the photo in focus'],
  [['Delete'], 'Remove the photo in focus (can be undone)'],
  [['Ctrl', 'V'], 'Add photos from the clipboard'],
  [['1', '2', '3'], 'In the mask editor: click, brush, eraser'],
  [['[', ']'], 'In the mask editor: smaller, larger brush'],
  [['Ctrl', 'Z'], 'In the mask editor: undo; with Shift: redo'],
  [['↑', '↓', '←', '→'], 'On a map while following a patch: move it'],
];

/** What the page does with your photos, its shortcuts, and what its parts are. */
export function HelpDialog({
  opened,
  onOpen,
  onClose,
}: {
  opened: boolean;
  onOpen: () => void;
  onClose: () => void;
}) {
  useHotkeys([['shift+?', onOpen]]);
  return (
    <Modal opened={opened} onClose={onClose} title="About Familiar" size="lg">
      <Stack gap="md">
        <Text size="sm">
          Familiar teaches a vision encoder one thing of yours from a few photos: it makes new pictures of it,
          trains a small adapter to tell it from everything else, and shows where the encoder sees it, before
          and after. The method is “Personalized Representation from Personalized Generation” (arXiv
          2412.16156).
        </Text>
        <div>
          <Title order={4}>Private</Title>
          <Text size="sm">
            Photos, masks and adapters stay in this browser. The page may connect to nothing but its own
            server; only the downloader, and only when you ask for a model, may reach the model hub.
          </Text>
        </div>
        <div>
          <Title order={4}>Shortcuts</Title>
          <Table verticalSpacing={4}>
            <Table.Tbody>
              {SHORTCUTS.map(([keys, what]) => (
                <Table.Tr key={what}>
                  <Table.Td w={170}>
                    {keys.map((key) => (
                      <Kbd key={key} mr={4}>
                        {key}
                      </Kbd>
                    ))}
                  </Table.Td>
                  <Table.Td>{what}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
        <div>
          <Title order={4}>Licences</Title>
          <Text size="sm">
            The program is under the MIT licence. The built-in encoder was trained for this project on public
            images, some under non-commercial research terms: use it for research and demonstration only. It
            is small; it shows the method, not the paper’s numbers.
          </Text>
        </div>
      </Stack>
    </Modal>
  );
}
