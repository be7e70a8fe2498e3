import * as Comlink from 'comlink';
import { createStore } from 'zustand/vanilla';
import { type Engine, startEngine } from '../../engine/client.ts';
import type {
  EncoderInfo,
  EncoderSource,
  EngineEvent,
  EngineStatus,
  Progress,
} from '../../engine/protocol.ts';

/** Something the user must know and can do something about. */
export interface Problem {
  title: string;
  message: string;
}

/** The engine as the page sees it. */
export interface EngineState {
  /** Set once the GPU is there. */
  engine: Engine | null;
  status: EngineStatus | null;
  encoder: EncoderInfo | null;
  /** What keeps the engine from working; the library still does. */
  problem: Problem | null;
  /** A lost device is being replaced. */
  recovering: boolean;
  /** Progress of loading an encoder. */
  loading: Progress | null;
}

/** State of the engine. */
export const engineStore = createStore<EngineState>(() => ({
  engine: null,
  status: null,
  encoder: null,
  problem: null,
  recovering: false,
  loading: null,
}));

/** Address that bundled models and samples are under. */
export const BASE_URL = new URL(import.meta.env.BASE_URL, globalThis.location?.href ?? 'http://localhost/')
  .href;

/** The engine, or an error that says why there is none. */
export function theEngine(): Engine {
  const { engine, problem } = engineStore.getState();
  if (!engine) throw new Error(problem?.message ?? 'The engine is still starting.');
  return engine;
}

/** Start the worker, ask for the GPU and load the embedded encoder. */
export async function bootEngine(): Promise<void> {
  const { engine } = startEngine();
  try {
    await engine.subscribe(Comlink.proxy(onEngineEvent));
    const status = await engine.start({ baseUrl: BASE_URL });
    engineStore.setState({ engine, status, problem: null });
    await loadEncoder({ kind: 'embedded' });
  } catch (error) {
    const { name, message } = error as Error;
    const title =
      name === 'NoWebGpuError' ? 'This browser cannot use the graphics card' : 'The engine could not start';
    engineStore.setState({ engine: null, problem: { title, message } });
  }
}

/**
 * Load another encoder; the one before stays when that fails.
 * @throws the engine's error, whose message can be shown
 */
export async function loadEncoder(source: EncoderSource): Promise<EncoderInfo> {
  const engine = theEngine();
  engineStore.setState({ loading: { stage: 'weights', done: 0, total: 1 } });
  try {
    const onProgress = (loading: Progress) => engineStore.setState({ loading });
    const encoder = await engine.loadEncoder(source, Comlink.proxy(onProgress));
    engineStore.setState({ encoder });
    await refreshStatus();
    return encoder;
  } finally {
    engineStore.setState({ loading: null });
  }
}

/** Ask for memory figures. */
export async function refreshStatus(): Promise<void> {
  engineStore.setState({ status: await theEngine().status() });
}

function onEngineEvent(event: EngineEvent): void {
  if (event.type === 'device-lost') engineStore.setState({ recovering: true });
  else if (event.type === 'recovered') engineStore.setState({ recovering: false, status: event.status });
  else {
    const problem = { title: 'The graphics device is gone', message: event.message };
    engineStore.setState({ recovering: false, engine: null, problem });
  }
}
