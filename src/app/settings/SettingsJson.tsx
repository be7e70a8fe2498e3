import { Button, FileButton, Group, JsonInput, Stack, Text, Title } from '@mantine/core';
import { IconCopy, IconDownload, IconUpload } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { decodeText, parseJson } from '../../files/text.ts';
import { notifyDone, notifyError } from '../notify.ts';
import { saveBlob } from '../saveBlob.ts';

/**
 * Settings as text: copy, paste, download, open, change, apply.
 * @param read turns JSON into settings and puts them in use; its errors name the field
 */
export function SettingsJson({
  label,
  text: hint,
  fileName,
  settings,
  read,
  children,
}: {
  label: string;
  text: string;
  fileName: string;
  settings: object;
  read: (json: unknown) => void;
  /** Further buttons; gets what forgets unapplied changes. */
  children?: (forget: () => void) => ReactNode;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? JSON.stringify(settings, null, 2);
  const apply = (text: string) => {
    try {
      read(parseJson(text));
      setTyped(null);
      notifyDone('The settings are in use.');
    } catch (error) {
      notifyError('These settings cannot be used', error);
    }
  };
  const copy = async () => {
    await navigator.clipboard.writeText(shown);
    notifyDone('The settings are copied.');
  };
  return (
    <Stack gap="xs">
      <Title order={4}>As JSON</Title>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
      <JsonInput aria-label={label} value={shown} onChange={setTyped} autosize minRows={8} maxRows={20} />
      <Group gap="xs">
        <Button size="xs" onClick={() => apply(shown)} disabled={typed === null}>
          Apply
        </Button>
        <Button size="xs" variant="default" onClick={() => setTyped(null)} disabled={typed === null}>
          Discard changes
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCopy size={14} />}
          onClick={() => copy().catch((error) => notifyError('The settings could not be copied', error))}
        >
          Copy
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveBlob(new Blob([`${shown}\n`], { type: 'application/json' }), fileName)}
        >
          Download
        </Button>
        <FileButton
          accept=".json,application/json"
          onChange={(file) =>
            file
              ?.arrayBuffer()
              .then((bytes) => apply(decodeText(new Uint8Array(bytes))))
              .catch((error) => notifyError('The file could not be read', error))
          }
        >
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconUpload size={14} />}>
              Open a file
            </Button>
          )}
        </FileButton>
        {children?.(() => setTyped(null))}
      </Group>
    </Stack>
  );
}
