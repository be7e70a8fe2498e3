import type { EncoderSource } from '../../engine/protocol.ts';

/** An encoder of a request: the embedded one, or files by address. */
export type RequestedEncoder =
  | { kind: 'embedded' }
  | { kind: 'urls'; name: string; urls: { name: string; url: string }[] };

/** What the engine loads it from. */
export async function encoderSource(encoder: RequestedEncoder): Promise<EncoderSource> {
  if (encoder.kind === 'embedded') return encoder;
  const files = await Promise.all(
    encoder.urls.map(async ({ name, url }) => new File([await (await fetch(url)).blob()], name)),
  );
  return { kind: 'files', name: encoder.name, files };
}
