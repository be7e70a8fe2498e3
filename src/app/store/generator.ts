import * as Comlink from 'comlink';
import { createStore } from 'zustand/vanilla';
import { type CaptionGrammar, readCaptionGrammar } from '../../diffusion/captions/grammar.ts';
import type { GeneratorInfo, GeneratorProgress, GeneratorSource } from '../../engine/generator/protocol.ts';
import { theEngine } from './engine.ts';

/** The generator as the page sees it. */
export interface GeneratorState {
  info: GeneratorInfo | null;
  loading: GeneratorProgress | null;
  /** What the generator's own captions are made of, where it says so. */
  grammar: CaptionGrammar | undefined;
}

export const generatorStore = createStore<GeneratorState>(() => ({
  info: null,
  loading: null,
  grammar: undefined,
}));

/**
 * Load a generator; the one before stays when that fails.
 * @throws the engine's error, whose message can be shown
 */
export async function loadGenerator(source: GeneratorSource): Promise<void> {
  const engine = theEngine();
  generatorStore.setState({ loading: { stage: 'unet', done: 0, total: 1 } });
  try {
    const onProgress = (loading: GeneratorProgress) => generatorStore.setState({ loading });
    const info = await engine.loadGenerator(source, Comlink.proxy(onProgress));
    generatorStore.setState({ info, grammar: readCaptionGrammar(await engine.generatorCaptions()) });
  } finally {
    generatorStore.setState({ loading: null });
  }
}

/** Let its memory go. */
export async function unloadGenerator(): Promise<void> {
  await theEngine().unloadGenerator();
  generatorStore.setState({ info: null, grammar: undefined });
}
