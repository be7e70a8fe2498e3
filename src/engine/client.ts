import * as Comlink from 'comlink';
import type { EngineApi } from './protocol.ts';

/** The engine as the page sees it: every method of `EngineApi`, asynchronous. */
export type Engine = Comlink.Remote<EngineApi>;

/** A started worker; `terminate` ends it with everything it holds. */
export interface EngineClient {
  engine: Engine;
  terminate(): void;
}

/** Start the engine's worker. Wrap callbacks passed to it in `Comlink.proxy`. */
export function startEngine(): EngineClient {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), {
    type: 'module',
    name: 'engine',
  });
  const engine = Comlink.wrap<EngineApi>(worker);
  return {
    engine,
    terminate: () => {
      engine[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
}
