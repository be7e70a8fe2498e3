import type { ChunkWriter } from './chunks.ts';
import { HubError } from './errors.ts';
import type { ManifestFile } from './manifest.ts';
import { type Connection, discard, pause, request, versionOf } from './request.ts';

/** A file that is being downloaded. */
export interface FileDownload {
  url: string;
  file: ManifestFile;
  writer: ChunkWriter;
  /** Told after every piece how many bytes of the file have arrived. */
  onBytes: (arrived: number) => void;
}

/**
 * Fetch what is still missing of a file. A connection that breaks off is taken up again at the byte where it ended; the
 * number of failures in a row without a byte gained is bounded.
 * @throws HubError: `changed` when the hub now has another file under the name; the signal's reason when aborted
 */
export async function downloadFile(connection: Connection, download: FileDownload): Promise<void> {
  const { writer, file } = download;
  const { signal, retryDelays } = connection;
  let failures = 0;
  while (writer.position < file.bytes) {
    const before = writer.position;
    try {
      await fetchRest(connection, download);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof HubError && error.passing)) throw error;
      if (writer.position > before) failures = 0;
      const delay = retryDelays[failures++];
      if (delay === undefined) throw error;
      await pause(delay, signal);
    }
  }
}

async function fetchRest(
  connection: Connection,
  { url, file, writer, onBytes }: FileDownload,
): Promise<void> {
  const response = await request(connection, url, file.fileName, writer.position);
  if (versionOf(response) !== file.version) {
    await discard(response);
    throw new HubError('changed', `${file.fileName} has changed on the hub`);
  }
  // A server that does not know ranges sends the whole file.
  if (response.status === 200 && writer.position > 0) writer.restart();
  onBytes(writer.position);
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const piece = await readPiece(reader, file.fileName, connection.signal);
      if (!piece) break;
      await writer.append(piece);
      onBytes(writer.position);
    }
  } finally {
    await reader?.cancel().catch(() => {
      // The connection has broken off; that error is on its way already.
    });
  }
  if (writer.position < file.bytes) throw brokenOff(file.fileName);
}

async function readPiece(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (error) {
    signal?.throwIfAborted();
    throw brokenOff(fileName, error);
  }
}

function brokenOff(fileName: string, cause?: unknown): HubError {
  return new HubError('network', `${fileName}: the connection broke off`, undefined, { cause });
}
