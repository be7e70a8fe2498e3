import * as Comlink from 'comlink';
import { createStore } from 'zustand/vanilla';
import { type Engine, startEngine } from '../../engine/client.ts';
import type {
  EncoderInfo,
  EncoderSource,
  EngineEvent,
  EngineStatus,
  Preference,
  Progress,
} from '../../engine/protocol.ts';

/** Something the user must know and can do something about. */
export interface Problem {
  title: string;
  message: string;
  /** Whether another browser would help. */
  browser?: boolean;
}

/** The engine as the page sees it. */
export interface EngineState {
  /** Set once there is something that computes. */
  engine: Engine | null;
  status: EngineStatus | null;
  encoder: EncoderInfo | null;
  /** What keeps the engine from working; the library still does. */
  problem: Problem | null;
  /** A lost device is being replaced. */
  recovering: boolean;
  /** The user chose another device, which is being started. */
  switching: boolean;
  /** Something else computes than before without the user having asked for it; says why. */
  notice: string | null;
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
  switching: false,
  notice: null,
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

/**
 * Start the worker, have it choose what computes and load the embedded encoder.
 * @param preference what the user chose in an earlier visit
 */
export async function bootEngine(preference: Promise<Preference>): Promise<void> {
  const { engine } = startEngine();
  try {
    await engine.subscribe(Comlink.proxy(onEngineEvent));
    const status = await engine.start({ baseUrl: BASE_URL, preference: await preference });
    engineStore.setState({ engine, status, problem: null });
    await loadEncoder({ kind: 'embedded' });
  } catch (error) {
    const { name, message } = error as Error;
    const browser = name === 'NoWasmSimdError';
    const title = browser ? 'This browser cannot compute' : 'The engine could not start';
    engineStore.setState({ engine: null, problem: { title, message, browser } });
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
  else if (event.type === 'recovered') {
    const { compute } = event.status;
    const before = engineStore.getState().status?.compute.choice.way;
    const notice = before === compute.choice.way ? null : (compute.notes[0] ?? null);
    engineStore.setState({ recovering: false, status: event.status, notice });
  } else {
    const problem = { title: 'What computes is gone', message: event.message };
    engineStore.setState({ recovering: false, engine: null, problem });
  }
}
