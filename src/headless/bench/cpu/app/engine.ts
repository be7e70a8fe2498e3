import * as Comlink from 'comlink';
import { type Engine, startEngine } from '../../../../engine/client.ts';
import type { EncoderInfo } from '../../../../engine/protocol.ts';

/**
 * Run `body` with the page's engine in its worker, on the processor, the embedded encoder loaded.
 * @throws Error when it computes elsewhere, with the reason
 */
export async function withEngine<T>(body: (engine: Engine, encoder: EncoderInfo) => Promise<T>): Promise<T> {
  const { engine, terminate } = startEngine();
  try {
    const baseUrl = new URL('.', location.href).href;
    const { compute } = await engine.start({ baseUrl, preference: 'cpu' });
    if (compute.kind !== 'cpu') throw new Error(compute.notes.join(' '));
    const encoder = await engine.loadEncoder(
      { kind: 'embedded' },
      Comlink.proxy(() => {}),
    );
    return await body(engine, encoder);
  } finally {
    terminate();
  }
}
