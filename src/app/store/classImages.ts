import type { ClassImage } from '../../engine/generator/protocol.ts';
import type { EnginePhoto } from '../../engine/protocol.ts';
import { decodeImage } from '../../images/decode/decode.ts';
import { encodeImage } from '../../images/decode/encode.ts';
import type { Pixels } from '../../images/types.ts';
import { generatorStore } from './generator.ts';
import { libraryStore, theLibrary } from './library.ts';

/** A class image as it is stored: its latents for training, its picture for looking and as a negative. */
interface StoredClassImage extends ClassImage {
  png: Uint8Array<ArrayBuffer>;
}

/** Images of a class by the untuned generator are kept by generator and class word, for all subjects of the class. */
function nameOf(generatorId: string, classWord: string): string {
  return `class-images:${generatorId}:${classWord.trim().toLowerCase()}`;
}

/** Class images made before. */
export async function storedClassImages(generatorId: string, classWord: string): Promise<StoredClassImage[]> {
  return (await theLibrary().settings.get<StoredClassImage[]>(nameOf(generatorId, classWord))) ?? [];
}

let writing: Promise<void> = Promise.resolve();

/** Add one; additions wait for each other. */
export function addClassImage(
  generatorId: string,
  classWord: string,
  { latents, seed }: ClassImage,
  pixels: Pixels,
): Promise<void> {
  writing = writing.then(async () => {
    const png = new Uint8Array(await (await encodeImage(pixels, 'image/png')).arrayBuffer());
    const known = await storedClassImages(generatorId, classWord);
    const images = [...known.filter((image) => image.seed !== seed), { latents, seed, png }];
    await theLibrary().settings.set(nameOf(generatorId, classWord), images);
  });
  return writing;
}

/** Forget the images of a class. */
export async function removeClassImages(generatorId: string, classWord: string): Promise<void> {
  await writing;
  await theLibrary().settings.remove(nameOf(generatorId, classWord));
}

/** Class images of the open subject's class as negatives. */
export async function classNegatives(): Promise<EnginePhoto[]> {
  const { current } = libraryStore.getState();
  const generatorId = generatorStore.getState().info?.id ?? 'embedded';
  if (!current) return [];
  const images = await storedClassImages(generatorId, current.className);
  return Promise.all(
    images.map(async ({ png, seed }) => {
      const name = `${current.className} ${seed}`;
      const { pixels } = await decodeImage(new Blob([png], { type: 'image/png' }), name);
      return { key: `class:${generatorId}:${name}`, pixels };
    }),
  );
}
