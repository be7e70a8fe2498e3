import { parseJson } from '../../files/text.ts';
import { GENERATOR_FILES } from './layoutNames.ts';

/** A generator's folder, wherever it is. */
export interface GeneratorFiles {
  /** Names it in adapters and runs: `embedded`, or `local:<folder name>`. */
  id: string;
  has(path: string): Promise<boolean>;
  /**
   * A file as a stream with its size.
   * @throws GeneratorFileError when it is missing
   */
  open(path: string, signal?: AbortSignal): Promise<{ stream: ReadableStream<Uint8Array>; bytes: number }>;
}

/** A generator's folder lacks a file or has one that cannot be read; the message names it and the remedy. */
export class GeneratorFileError extends Error {
  override readonly name = 'GeneratorFileError';
}

/** The generator that is shipped with the page, under `baseUrl`. */
export function embeddedGenerator(baseUrl: string): GeneratorFiles {
  const url = (path: string) => new URL(`models/generator/${path}`, baseUrl);
  return {
    id: 'embedded',
    has: async (path) => (await fetch(url(path), { method: 'HEAD' })).ok,
    open: async (path, signal) => {
      const response = await fetch(url(path), signal ? { signal } : {});
      if (!response.ok || !response.body) {
        throw new GeneratorFileError(
          `models/generator/${path} cannot be loaded (status ${response.status}). Reload the page, or build it again.`,
        );
      }
      return { stream: response.body, bytes: Number(response.headers.get('Content-Length') ?? 0) };
    },
  };
}

/** A file of a folder with its path in it; a file's own path does not survive the way to a worker in every browser. */
export interface FolderFile {
  path: string;
  file: File;
}

/**
 * A folder the user dropped. Its UNet is found wherever it lies; everything else is looked for beside it.
 * @param name of the folder
 * @throws GeneratorFileError naming what the folder must hold
 */
export function localGenerator(files: readonly FolderFile[], name: string): GeneratorFiles {
  const config = files.find(({ path }) => path.endsWith(GENERATOR_FILES.unetConfig));
  if (!config) {
    throw new GeneratorFileError(
      `${name}: there is no ${GENERATOR_FILES.unetConfig} in this folder. Choose the folder of a generator in diffusers' layout.`,
    );
  }
  const root = config.path.slice(0, -GENERATOR_FILES.unetConfig.length);
  const find = (path: string) => files.find((entry) => entry.path === root + path)?.file;
  return {
    id: `local:${name}`,
    has: async (path) => find(path) !== undefined,
    open: async (path) => {
      const file = find(path);
      if (!file) throw new GeneratorFileError(`${name}: ${path} is missing. ${remedy(path)}`);
      return { stream: file.stream(), bytes: file.size };
    },
  };
}

/** A whole file's bytes. */
export async function readBytes(
  files: GeneratorFiles,
  path: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { stream } = await files.open(path, signal);
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

/**
 * A JSON file.
 * @throws GeneratorFileError when it is not JSON
 */
export async function readJson(files: GeneratorFiles, path: string, signal?: AbortSignal): Promise<unknown> {
  const bytes = await readBytes(files, path, signal);
  try {
    return parseJson(bytes);
  } catch (error) {
    throw new GeneratorFileError(`${path} is not JSON (${(error as Error).message}). Get the file again.`);
  }
}

function remedy(path: string): string {
  return path.endsWith('.onnx')
    ? 'The text encoder and the image coder run as ONNX: export them with optimum ("optimum-cli export onnx") into the same folder.'
    : 'Get the whole folder, as diffusers saves it.';
}
