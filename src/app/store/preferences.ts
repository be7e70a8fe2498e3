import { type DreamBoothPreset, readDreamBoothSettings } from '../../diffusion/dreambooth/readSettings.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';
import { readSettings } from '../../personalize/readSettings.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { dreamBoothStore, LEARNING_DEFAULTS, takeSettings } from './dreambooth.ts';
import {
  changeOptions,
  DRAWING_DEFAULTS,
  type GenerationOptions,
  type GenerationState,
  generationStore,
} from './generationState.ts';
import { libraryStore, theLibrary } from './library.ts';
import { TEACHING_DEFAULTS, trainingStore } from './training.ts';

/** What is chosen or found for a subject: kept with it, and in use again when it is opened. */
interface Kept {
  name: 'teaching' | 'learning' | 'drawing' | 'filter';
  /** What is to be kept of the present state. */
  read(): unknown;
  /** Put what was kept in use; undefined: what a new subject begins with. */
  apply(kept: unknown): void;
  subscribe(listener: () => void): () => void;
}

/** Seeds go on from the pictures there are, and the threshold is fitted to the photos: neither is a choice to keep. */
type DrawingChoice = Omit<GenerationOptions, 'seed' | 'threshold'>;

const drawing: Kept = {
  name: 'drawing',
  read: (): DrawingChoice => {
    const { seed: _, threshold: __, ...choice } = generationStore.getState().options;
    return choice;
  },
  apply: (kept) => {
    const { seed: _, threshold: __, ...defaults } = DRAWING_DEFAULTS;
    const choice = (kept ?? {}) as Partial<DrawingChoice>;
    // Field by field: an earlier version of the page may have known fewer.
    changeOptions({ ...defaults, ...choice, sampling: { ...defaults.sampling, ...choice.sampling } });
  },
  subscribe: (listener) =>
    generationStore.subscribe(({ options }, before) => {
      if (options !== before.options) listener();
    }),
};

interface LearningChoice {
  settings: DreamBoothSettings;
  base: DreamBoothPreset;
}

const learning: Kept = {
  name: 'learning',
  read: (): LearningChoice => {
    const { settings, base } = dreamBoothStore.getState();
    return { settings, base };
  },
  apply: (kept) => {
    const { settings, base } = readLearning(kept) ?? LEARNING_DEFAULTS;
    dreamBoothStore.setState({ base });
    takeSettings(settings);
  },
  subscribe: (listener) =>
    dreamBoothStore.subscribe(({ settings }, before) => {
      if (settings !== before.settings) listener();
    }),
};

/** Settings that this version of the page can use; undefined for others. */
function readLearning(kept: unknown): LearningChoice | undefined {
  if (kept === undefined) return undefined;
  try {
    const { settings, base } = kept as LearningChoice;
    return { settings: readDreamBoothSettings(settings), base: base === 'paper' ? base : 'embedded' };
  } catch {
    return undefined;
  }
}

const teaching: Kept = {
  name: 'teaching',
  read: () => trainingStore.getState().settings,
  apply: (kept) => trainingStore.setState({ settings: readTeaching(kept) ?? TEACHING_DEFAULTS }),
  subscribe: (listener) =>
    trainingStore.subscribe(({ settings }, before) => {
      if (settings !== before.settings) listener();
    }),
};

/** Settings that this version of the page can use; undefined for others. */
function readTeaching(kept: unknown): TrainingSettings | undefined {
  if (kept === undefined) return undefined;
  try {
    return readSettings(kept);
  } catch {
    return undefined;
  }
}

type FilterFit = Pick<GenerationState, 'scale' | 'fittedTo'>;

/** Fitting takes half a minute on software adapters: not done again after every reload. */
const filter: Kept = {
  name: 'filter',
  read: (): FilterFit => {
    const { scale, fittedTo } = generationStore.getState();
    return { scale, fittedTo };
  },
  apply: (kept) => {
    const { scale = null, fittedTo = null } = (kept ?? {}) as Partial<FilterFit>;
    generationStore.setState({ scale, fittedTo });
  },
  subscribe: (listener) =>
    generationStore.subscribe(({ scale }, before) => {
      if (scale !== before.scale) listener();
    }),
};

const ALL = [teaching, learning, drawing, filter];

/**
 * Keep the choices of each subject in the library from now on, and take them out again when it is opened.
 * @param onError told when they could not be read or stored
 * @returns ends it
 */
export function keepPreferences(onError: (error: Error) => void): () => void {
  /** The subject whose choices are in use; null while they are being read. */
  let subjectId: string | null = null;
  const last = new Map<string, string>();

  const open = async (id: string): Promise<void> => {
    subjectId = null;
    for (const kept of ALL) {
      const stored = await theLibrary().preferences.get(id, kept.name);
      if (libraryStore.getState().current?.id !== id) return;
      kept.apply(stored);
      last.set(kept.name, JSON.stringify(kept.read()));
    }
    subjectId = id;
  };
  const save = async ({ name, read }: Kept): Promise<void> => {
    const [id, value] = [subjectId, read()];
    const json = JSON.stringify(value);
    if (id === null || id !== libraryStore.getState().current?.id || last.get(name) === json) return;
    last.set(name, json);
    await theLibrary().preferences.set(id, name, value);
  };

  const ends = ALL.map((kept) =>
    kept.subscribe(() => {
      save(kept).catch(onError);
    }),
  );
  const end = libraryStore.subscribe(({ current }, before) => {
    if (current && current.id !== before.current?.id) open(current.id).catch(onError);
  });
  return () => {
    for (const stop of [...ends, end]) stop();
  };
}
