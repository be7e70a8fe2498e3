import { createTheme, type MantineColorsTuple } from '@mantine/core';

const plum: MantineColorsTuple = [
  '#f7f2fb',
  '#eae0f3',
  '#d4bfe7',
  '#bc9bdb',
  '#a87cd0',
  '#9a67c9',
  '#8f58c3',
  '#7b48ab',
  '#65398f',
  '#4a2a6b',
];

const amber: MantineColorsTuple = [
  '#fff7e6',
  '#feecc9',
  '#fbd996',
  '#f8c55f',
  '#f4b43a',
  '#f0a51d',
  '#d98d0a',
  '#b37205',
  '#8c5902',
  '#654000',
];

/** Colours, type and defaults of the whole page. */
export const theme = createTheme({
  primaryColor: 'plum',
  primaryShade: { light: 7, dark: 5 },
  colors: { plum, amber },
  defaultRadius: 'md',
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.25rem' } } },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    // Crosses have no text of their own for screen readers.
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    // Who comes by keyboard sees what a button does, as who points at it.
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: false } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
});
