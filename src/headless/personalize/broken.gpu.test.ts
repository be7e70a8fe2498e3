import { expect, it } from 'vitest';
import { baseName } from '../../files/names.ts';
import { encodeGreyPng } from '../../images/png/encode.ts';
import { openFolder, subjectItems } from '../../library/import/folder.ts';
import { addPhotos } from '../../library/import/into-library.ts';
import { freshLibrary } from '../../library/testing/library.ts';
import { Philox } from '../../random/philox.ts';
import { readFolderSource } from '../folder.ts';
import { loadPhotos } from './images.ts';

/** A picture unlike others with another seed. */
async function photo(seed: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(48, 36);
  const context = canvas.getContext('2d')!;
  const random = new Philox(seed);
  for (let i = 0; i < 12; i++) {
    context.fillStyle = `rgb(${random.int(256)} ${random.int(256)} ${random.int(256)})`;
    context.fillRect(random.int(48), random.int(36), 24, 18);
  }
  return canvas.convertToBlob({ type: 'image/jpeg' });
}

const mask = () => new Blob([encodeGreyPng(48, 36, new Uint8Array(48 * 36).fill(255, 0, 24 * 36))]);

it('one broken file anywhere changes nothing for the others, in the page and in commands', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const random = new Philox(seed);
    const blobs = new Map<string, Blob>();
    for (const name of ['00', 'IMG #1', 'Zo\u00EB', 'why?']) {
      blobs.set(`train/dog/${name}.jpg`, await photo(blobs.size));
      blobs.set(`train_masks/dog/${name}.png`, mask());
    }
    const paths = random.shuffle([...blobs.keys()]);
    const broken = random.choice(paths);
    const whole = blobs.get(broken)!;
    blobs.set(
      broken,
      random.choice([new Blob([]), new Blob(['no picture']), whole.slice(0, whole.size / 2)]),
    );

    const files = paths.map((path) =>
      Object.assign(new File([blobs.get(path)!], baseName(path)), { relativePath: `set/${path}` }),
    );
    const { library } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'dog', className: 'dog' });
    const folder = await openFolder(files);
    const added = await addPhotos(library, id, subjectItems(folder, folder.dataset.subjects[0]!));
    const masked = new Set((await library.masks.list(id)).map(({ photoId }) => photoId));
    const byPage = added.flatMap((one) => (one.ok ? [[one.fileName, masked.has(one.photo.id)]] : []));

    const { dataset } = readFolderSource({ paths, json: {}, name: 'set', leftOut: [] });
    const problems: string[] = [];
    const loaded = await loadPhotos(
      dataset.subjects[0]!.train.map(({ path, mask: of }) => ({
        name: baseName(path),
        image: URL.createObjectURL(blobs.get(path)!),
        ...(of ? { mask: URL.createObjectURL(blobs.get(of)!), maskName: of } : {}),
      })),
      (problem) => problems.push(problem),
    );
    const byCommand = loaded.map(({ name, photo: { mask: own } }) => [name, own !== undefined]);

    expect(byCommand, `seed ${seed}, ${broken}`).toEqual(byPage);
    const isPhoto = broken.endsWith('.jpg');
    expect(byPage.length).toBe(isPhoto ? 3 : 4);
    expect(byPage.filter(([, has]) => has).length).toBe(3);
    expect(byPage.some(([name, has]) => name === baseName(broken).replace('.png', '.jpg') && has)).toBe(
      false,
    );
    const said = added.flatMap((one) => (one.ok ? (one.maskProblem ?? []) : one.reason));
    expect(said.length).toBe(1);
    expect(said[0]).toContain(baseName(broken));
    expect(problems.length).toBe(1);
    expect(problems[0]).toContain(baseName(broken));
  }
});
