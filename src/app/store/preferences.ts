import type { StoreApi } from 'zustand/vanilla';
import { type DreamBoothPreset, readDreamBoothSettings } from '../../diffusion/dreambooth/readSettings.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';
import { readSettings } from '../../personalize/readSettings.ts';
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

/** Tells when a part of a store's state is another than before. */
function whenChanged<T>(store: StoreApi<T>, part: (state: T) => unknown): Kept['subscribe'] {
  return (listener) =>
    store.subscribe((state, before) => {
      if (part(state) !== part(before)) listener();
    });
}

/** What was kept, as `read` takes it; undefined where there is nothing, or nothing that this version of the page can use. */
function usable<T>(kept: unknown, read: (kept: unknown) => T): T | undefined {
  if (kept === undefined) return undefined;
  try {
    return read(kept);
  } catch {
    return undefined;
  }
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
  subscribe: whenChanged(generationStore, ({ options }) => options),
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
    const { settings, base } = usable(kept, readLearning) ?? LEARNING_DEFAULTS;
    dreamBoothStore.setState({ base });
    takeSettings(settings);
  },
  subscribe: whenChanged(dreamBoothStore, ({ settings }) => settings),
};

function readLearning(kept: unknown): LearningChoice {
  const { settings, base } = kept as LearningChoice;
  return { settings: readDreamBoothSettings(settings), base: base === 'paper' ? base : 'embedded' };
}

const teaching: Kept = {
  name: 'teaching',
  read: () => trainingStore.getState().settings,
  apply: (kept) => trainingStore.setState({ settings: usable(kept, readSettings) ?? TEACHING_DEFAULTS }),
  subscribe: whenChanged(trainingStore, ({ settings }) => settings),
};

type FilterFit = Pick<GenerationState, 'scale' | 'fittedTo'>;

/** Fitting takes long without a graphics card: not done again after every reload. */
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
  subscribe: whenChanged(generationStore, ({ scale }) => scale),
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
