import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import '@mantine/notifications/styles.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { notifyError } from './notify.ts';
import { bootEngine } from './store/engine.ts';
import { libraryStore, startLibrary } from './store/library.ts';
import { loadPaces } from './store/pace.ts';
import { keptPreference } from './store/preference.ts';
import { keepPreferences } from './store/preferences.ts';
import { theme } from './theme.ts';

keepPreferences((error) => notifyError('What you chose could not be kept', error));
const library = startLibrary();
library.then(loadPaces).catch((error: Error) => libraryStore.setState({ notice: error.message }));
void bootEngine(library.then(keptPreference).catch(() => 'auto'));

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <App />
    </MantineProvider>
  </StrictMode>,
);
