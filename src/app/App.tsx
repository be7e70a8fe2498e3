import { Box, Container, Stack } from '@mantine/core';
import { ComparePanel } from './compare/ComparePanel.tsx';
import { ConfirmDialog } from './confirmDialog.tsx';
import { EvaluatePanel } from './evaluate/EvaluatePanel.tsx';
import { GeneratePanel } from './generate/GeneratePanel.tsx';
import { useLibrary } from './hooks.ts';
import { PhotosPanel } from './photos/PhotosPanel.tsx';
import { EngineProblem } from './shell/EngineProblem.tsx';
import { Header } from './shell/Header.tsx';
import { Welcome } from './shell/Welcome.tsx';
import { SubjectBar } from './subjects/SubjectBar.tsx';
import { TrainPanel } from './train/TrainPanel.tsx';

/** The page: a header, the subjects, and for the open one photos, generation, training, comparison and evaluation from top to bottom. */
export function App() {
  const current = useLibrary((state) => state.current);
  return (
    <Box>
      <Header />
      <ConfirmDialog />
      <Container size={1320} px={{ base: 'sm', sm: 'lg' }} py="lg" component="main">
        <Stack gap="lg">
          <EngineProblem />
          <SubjectBar />
          {current ? (
            <Stack gap="lg" key={current.id}>
              <PhotosPanel />
              <GeneratePanel />
              <TrainPanel />
              <ComparePanel />
              <EvaluatePanel />
            </Stack>
          ) : (
            <Welcome />
          )}
        </Stack>
      </Container>
    </Box>
  );
}
