import {
  ActionIcon,
  Box,
  Button,
  Container,
  Group,
  Menu,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBrain, IconDeviceDesktop, IconHelp, IconMoon, IconSun } from '@tabler/icons-react';
import { encoderLabel } from '../../models/weights/encoderId.ts';
import { useEngine } from '../hooks.ts';
import { ModelsDrawer } from '../models/ModelsDrawer.tsx';
import { ComputeMenu } from './ComputeMenu.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { Logo } from './Logo.tsx';
import { StorageMenu } from './StorageMenu.tsx';
import './shell.css';

/** Name, encoder, what computes, storage, colours, help. */
export function Header() {
  const [models, { open: openModels, close: closeModels }] = useDisclosure(false);
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure(false);
  return (
    <Box component="header" className="header">
      <Container size={1320} px={{ base: 'sm', sm: 'lg' }}>
        <Group justify="space-between" h={58} wrap="nowrap" gap="xs">
          <Group gap={8} wrap="nowrap">
            <Logo size={32} />
            <Text fw={750} size="lg" visibleFrom="xs">
              Familiar
            </Text>
          </Group>
          <Group gap={6} wrap="nowrap" miw={0}>
            <EncoderChip onClick={openModels} />
            <ComputeMenu />
            <StorageMenu />
            <ColorSchemeMenu />
            <Tooltip label="Help and shortcuts">
              <ActionIcon variant="default" size="lg" aria-label="Help and shortcuts" onClick={openHelp}>
                <IconHelp size={20} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </Container>
      <ModelsDrawer opened={models} onClose={closeModels} />
      <HelpDialog opened={help} onOpen={openHelp} onClose={closeHelp} />
    </Box>
  );
}

function EncoderChip({ onClick }: { onClick: () => void }) {
  const encoder = useEngine((state) => state.encoder);
  const loading = useEngine((state) => state.loading);
  const percent = loading ? Math.round((100 * loading.done) / Math.max(1, loading.total)) : null;
  const name = encoder
    ? encoder.id === 'embedded'
      ? 'Built-in encoder'
      : encoderLabel(encoder.id)
    : 'No encoder';
  return (
    <Button
      variant="default"
      size="sm"
      px="xs"
      leftSection={<IconBrain size={18} />}
      onClick={onClick}
      className="chip"
      aria-label={`Encoder: ${name}. Choose another`}
    >
      <Text size="sm" truncate visibleFrom="sm">
        {percent === null ? name : `Loading ${percent} %`}
      </Text>
      <Text size="sm" hiddenFrom="sm">
        {percent === null ? 'Encoder' : `${percent} %`}
      </Text>
    </Button>
  );
}

function ColorSchemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };
  const Icon = icons[colorScheme];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`Colours: ${colorScheme}`}>
          <Icon size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] as const).map((scheme) => {
          const SchemeIcon = icons[scheme];
          const label = { light: 'Light', dark: 'Dark', auto: 'As the system' }[scheme];
          return (
            <Menu.Item
              key={scheme}
              leftSection={<SchemeIcon size={16} />}
              onClick={() => setColorScheme(scheme)}
            >
              {label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
