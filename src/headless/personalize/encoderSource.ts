import type { EncoderSource } from '../../engine/protocol.ts';

/** An encoder of a request: the embedded one, or files by address; `hub` is the id of a checkpoint of the hub. */
export type RequestedEncoder =
  | { kind: 'embedded' }
  | { kind: 'urls'; name: string; hub: string | null; urls: { name: string; url: string }[] };

/**
 * What the engine loads it from.
 * @throws Error naming the file that the command's server does not give
 */
export async function encoderSource(encoder: RequestedEncoder): Promise<EncoderSource> {
  if (encoder.kind === 'embedded') return encoder;
  const { name, hub, urls } = encoder;
  const files = await Promise.all(
    urls.map(async (file) => {
      const response = await fetch(file.url);
      if (!response.ok) throw new Error(`${file.name} of ${name} cannot be read (HTTP ${response.status}).`);
      return new File([await response.blob()], file.name);
    }),
  );
  return { kind: 'files', name, files, ...(hub === null ? {} : { id: hub }) };
}
