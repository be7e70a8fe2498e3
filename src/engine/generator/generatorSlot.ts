import { embeddedGenerator, type GeneratorFiles, localGenerator } from '../../diffusion/generator/files.ts';
import { type Generator, loadGenerator } from '../../diffusion/generator/load.ts';
import { requireParts } from '../../diffusion/generator/parts.ts';
import type { Context } from '../../tensor/context.ts';
import type { GeneratorInfo, GeneratorProgress, GeneratorSource } from './protocol.ts';

/** The generator in use, on whatever device there is now. */
export class GeneratorSlot {
  #files: GeneratorFiles | undefined;
  #generator: Generator | undefined;

  /** @throws Error when none is loaded */
  get generator(): Generator {
    if (!this.#generator) throw new Error('No generator is loaded yet.');
    return this.#generator;
  }

  /** What is known of the generator in use, if there is one. */
  get info(): GeneratorInfo | undefined {
    return this.#generator?.info;
  }

  /** Load; the one before is released only when this one is there. */
  async load(
    context: Context,
    source: GeneratorSource,
    baseUrl: string,
    onProgress: (progress: GeneratorProgress) => void,
  ): Promise<GeneratorInfo> {
    const files =
      source.kind === 'embedded' ? embeddedGenerator(baseUrl) : localGenerator(source.files, source.name);
    // Two folders may have one name, so files are always read.
    if (source.kind === 'files') await requireParts(files, source.name);
    else if (this.#generator?.info.id === files.id) return this.#generator.info;
    const generator = await loadGenerator(context, files, onProgress);
    this.unload(context);
    this.#files = files;
    this.#generator = generator;
    return generator.info;
  }

  /** The same generator on a new device. */
  async rebuild(context: Context): Promise<void> {
    if (!this.#files) return;
    // Its tensors went with their device; what ONNX Runtime holds may not have.
    this.#generator?.release();
    this.#generator = await loadGenerator(context, this.#files, () => {});
  }

  unload(context: Context): void {
    this.#generator?.release();
    this.#generator = undefined;
    this.#files = undefined;
    context.backend.trim();
  }
}
