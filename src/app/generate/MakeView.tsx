import {
  Alert,
  Button,
  Group,
  NumberInput,
  Progress,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { CaptionSource } from '../../diffusion/captions/schedule.ts';
import { SAMPLERS, type SamplerName } from '../../diffusion/schedulers/samplers.ts';
import { duration } from '../format.ts';
import { useLibrary } from '../hooks.ts';
import { LongRunNote } from '../LongRunNote.tsx';
import { notifyError } from '../notify.ts';
import { PixelsCanvas } from '../PixelsCanvas.tsx';
import { RunControls } from '../RunControls.tsx';
import type { DrawingPurpose } from '../store/drawingPlan.ts';
import { drawingText, drawnText } from '../store/drawnText.ts';
import {
  cancelGeneration,
  pauseGeneration,
  settleOptions,
  startGeneration,
  unpauseGeneration,
} from '../store/generation.ts';
import {
  changeOptions,
  type GenerationOptions,
  type GenerationState,
  generationStore,
  mostPictures,
  sourceFor,
} from '../store/generationState.ts';
import { generatorStore } from '../store/generator.ts';
import { pictureWork } from '../store/workload.ts';
import { BusyNote, useBusy } from './Busy.tsx';
import { CaptionHint } from './CaptionHint.tsx';
import { GeneratorMemory } from './GeneratorMemory.tsx';
import { KindGallery } from './KindGallery.tsx';
import { LearnedCaptionHint } from './LearnedCaptionHint.tsx';

const SOURCES: Record<CaptionSource, string> = {
  grammar: 'The generator’s own words',
  scenes: 'A hundred scenes',
  vanilla: 'Plain: photo of a …',
  own: 'My own list',
};

/** The making half: what to draw, how, and the pictures as they come out of the noise. */
export function MakeView() {
  const state = useStore(generationStore);
  const { options, phase, problems, note, summary } = state;
  const grammar = useStore(generatorStore, ({ grammar: known }) => known);
  const busy = useBusy('draw');
  const generatorId = useStore(generatorStore, ({ info }) => info?.id);
  const name = useLibrary(({ current }) => current?.name);
  const subjectId = useLibrary(({ current }) => current?.id);
  const all = useLibrary((library) => library.photos);
  const photos = all.filter(({ role }) => role === 'train');
  const idle = phase === 'idle';
  // With guidance every picture is denoised twice: by the prompt and by the negative one.
  const guided = options.sampling.guidance === 1 ? 1 : 2;
  const sources = (Object.keys(SOURCES) as CaptionSource[]).filter((from) => from !== 'grammar' || grammar);
  const source = sourceFor(options.source, grammar);
  const positives = options.purpose === 'positives';
  const known = all.length > 0;
  useEffect(() => {
    if (subjectId && known) settleOptions(subjectId);
  }, [subjectId, known]);
  return (
    <Stack gap="sm" role="group" aria-label="Draw">
      <Group gap="sm" align="flex-end">
        <Select
          label="Pictures of"
          size="xs"
          w={190}
          disabled={!idle}
          allowDeselect={false}
          value={options.purpose}
          data={[
            { value: 'positives', label: name ?? 'the subject' },
            { value: 'negatives', label: 'others of its kind' },
            { value: 'backgrounds', label: 'backgrounds' },
          ]}
          onChange={(value) => changeOptions({ purpose: value as DrawingPurpose })}
        />
        {positives && (
          <Select
            label="Captions"
            size="xs"
            w={210}
            disabled={!idle}
            allowDeselect={false}
            value={source}
            data={sources.map((from) => ({ value: from, label: SOURCES[from] }))}
            onChange={(value) => changeOptions({ source: value as CaptionSource })}
          />
        )}
        <Numbers options={options} disabled={!idle} />
        {idle ? (
          <Button
            leftSection={<IconPhotoPlus size={18} />}
            disabled={busy !== null || (positives && photos.length === 0)}
            onClick={() => startGeneration().catch((error) => notifyError('Drawing could not start', error))}
          >
            Draw pictures
          </Button>
        ) : (
          <RunControls
            what="Drawing"
            paused={phase === 'paused'}
            pause={pauseGeneration}
            resume={unpauseGeneration}
            end={cancelGeneration}
            endLabel="Cancel"
          />
        )}
      </Group>
      {idle && <BusyNote reason={busy} />}
      {idle && generatorId && (
        <LongRunNote
          work={{ kind: 'unet', generatorId }}
          units={mostPictures(options) * pictureWork(options.sampling)}
          shorter="Fewer pictures or steps take less."
        />
      )}
      {idle && (
        <GeneratorMemory
          images={guided * options.batch}
          training={false}
          fewer={(images) => {
            const batch = Math.floor(images / guided);
            if (batch > 0) return { label: `Draw ${batch} at once`, apply: () => changeOptions({ batch }) };
            const sampling = { ...options.sampling, guidance: 1 };
            return { label: 'Draw without guidance', apply: () => changeOptions({ batch: 1, sampling }) };
          }}
        />
      )}
      {idle && positives && <CaptionHint source={source} />}
      {idle && positives && <LearnedCaptionHint source={source} />}
      {options.purpose === 'negatives' && generatorId && (
        <KindGallery generatorId={generatorId} disabled={!idle} />
      )}
      {options.purpose === 'backgrounds' && (
        <Text size="sm" c="dimmed">
          Places without anything in them. Cut/Paste puts {name} on them, beside those that come with the
          page; they are among the photos, under Backgrounds.
        </Text>
      )}
      {positives && source === 'own' && (
        <Textarea
          label="One caption a line, with {subject} in each"
          placeholder={'photo of a {subject} on a beach\n{subject} in the snow'}
          autosize
          minRows={3}
          disabled={!idle}
          value={options.own}
          onChange={(event) => changeOptions({ own: event.currentTarget.value })}
        />
      )}
      {problems.length > 0 && (
        <Alert color="amber" variant="light">
          {problems.map((problem) => (
            <Text key={problem} size="sm">
              {problem}
            </Text>
          ))}
        </Alert>
      )}
      {note && (
        <Alert color="red" variant="light">
          {note}
        </Alert>
      )}
      {idle && summary && (
        <Text size="sm" role="status">
          {drawnText(summary)}
        </Text>
      )}
      {!idle && <Live state={state} />}
    </Stack>
  );
}

function Numbers({ options, disabled }: { options: GenerationOptions; disabled: boolean }) {
  const { sampling } = options;
  const until = options.until && options.purpose === 'positives';
  const sample = (part: Partial<typeof sampling>) => changeOptions({ sampling: { ...sampling, ...part } });
  const field = (
    label: string,
    value: number,
    [min, max, width]: [number, number, number],
    onChange: (value: number) => void,
    step = 1,
  ) => (
    <NumberInput
      {...{ label, value, min, max, step, disabled }}
      size="xs"
      w={width}
      clampBehavior="strict"
      onChange={(next) => next !== '' && onChange(Number(next))}
    />
  );
  return (
    <>
      {field(until ? 'Keep' : 'Pictures', options.count, [1, 1000, 85], (count) => changeOptions({ count }))}
      {until && field('Tries at most', options.tries, [1, 4000, 95], (tries) => changeOptions({ tries }))}
      {options.purpose === 'positives' && (
        <Switch
          label="Until enough are kept"
          size="sm"
          mb={6}
          disabled={disabled}
          checked={options.until}
          onChange={(event) => changeOptions({ until: event.currentTarget.checked })}
        />
      )}
      {field('Steps', sampling.steps, [1, 200, 75], (steps) => sample({ steps }))}
      {field('Guidance', sampling.guidance, [0, 15, 85], (guidance) => sample({ guidance }), 0.5)}
      {options.purpose !== 'negatives' &&
        field('Seed', options.seed, [0, 2 ** 31, 95], (seed) => changeOptions({ seed }))}
      {field('At once', options.batch, [1, 16, 75], (batch) => changeOptions({ batch }))}
      <Select
        label="Sampler"
        size="xs"
        w={190}
        disabled={disabled}
        allowDeselect={false}
        value={sampling.sampler}
        data={Object.entries(SAMPLERS).map(([value, label]) => ({ value, label }))}
        onChange={(value) => sample({ sampler: value as SamplerName })}
      />
      <TextInput
        label="Negative prompt"
        size="xs"
        w={150}
        disabled={disabled}
        value={sampling.negativePrompt}
        onChange={(event) => sample({ negativePrompt: event.currentTarget.value })}
      />
    </>
  );
}

function Live({ state }: { state: GenerationState }) {
  const { tiles, fitting, denoising, made, kept, of, wanted, secondsLeft, phase, subjectId } = state;
  const elsewhere = useLibrary(({ current, subjects }) =>
    current?.id === subjectId ? undefined : subjects.find(({ id }) => id === subjectId)?.name,
  );
  const drawn = of ? (made + (denoising ? (tiles.length * denoising.step) / denoising.steps : 0)) / of : 0;
  // Whichever comes first ends it: enough that are kept, or no tries left.
  const nearer = wanted ? Math.max(drawn, kept / wanted) : drawn;
  const share = fitting ? fitting.done / Math.max(1, fitting.total) : nearer;
  return (
    <Stack gap="xs">
      <Text fw={600} role="status" aria-live="polite">
        {elsewhere && `${elsewhere}: `}
        {drawingText(state)}
        {secondsLeft !== null &&
          secondsLeft > 0 &&
          ` · ${wanted === null ? '' : 'at most '}${duration(secondsLeft)} left`}
      </Text>
      {fitting && (
        <Text size="sm" c="dimmed">
          How alike your photos are, and how unlike other pictures: from that follows what is kept.
        </Text>
      )}
      <Progress
        value={100 * Math.min(1, share)}
        animated={phase === 'running'}
        aria-label={fitting ? 'Photos looked at' : 'Pictures made'}
      />
      <Group gap={8}>
        {tiles.map(({ id, pixels, prompt }) =>
          pixels ? (
            <PixelsCanvas
              key={id}
              pixels={pixels}
              label={`Being made: ${prompt}`}
              className="gallery-picture"
            />
          ) : (
            <div
              key={id}
              className="gallery-picture gallery-noise"
              role="img"
              aria-label={`Noise: ${prompt}`}
            />
          ),
        )}
        {denoising && (
          <Text size="sm" c="dimmed">
            step {denoising.step} of {denoising.steps}
          </Text>
        )}
      </Group>
    </Stack>
  );
}
