import type { GeneratedImage } from '../../engine/generator/protocol.ts';
import { encodeImage } from '../../images/decode/encode.ts';
import { contentHash, perceptualHash } from '../../library/import/hash.ts';
import type { GeneratedDetails, Photo, RunRecord } from '../../library/types.ts';
import { addClassImage } from './classImages.ts';
import { type DrawingJob, type DrawingProgress, progressOf } from './drawingRecord.ts';
import { changeOptions, classImagesChanged } from './generationState.ts';
import { libraryStore, photosIn, refresh, theLibrary } from './library.ts';

/** Take a picture into the training pool, or out of it. */
export async function keepPicture(photo: Photo, kept: boolean): Promise<void> {
  const { generated } = photo;
  if (!generated) return;
  await theLibrary().photos.update(photo, { generated: { ...generated, kept, decided: true } });
  await refresh();
}

/** Judge all pictures anew by another threshold; what the user decided stays. */
export async function applyThreshold(threshold: number): Promise<void> {
  changeOptions({ threshold });
  for (const photo of photosIn('generated')) {
    const { generated } = photo;
    if (!generated || generated.score === null) continue;
    const kept = generated.decided ? generated.kept : generated.score >= threshold;
    if (kept !== generated.kept || threshold !== generated.threshold)
      await theLibrary().photos.update(photo, { generated: { ...generated, kept, threshold } });
  }
  await refresh();
}

/** Store a picture that was drawn, where its job says: with the subject, or with others of its class. */
export async function storePicture(image: GeneratedImage, record: RunRecord): Promise<void> {
  const { subjectId } = record;
  const { purpose, loraId, generatorId, threshold } = record.settings as DrawingJob;
  const subject = libraryStore.getState().subjects.find(({ id }) => id === subjectId);
  if (!subject) return;
  const { pixels, prompt, seed, score, accepted: kept, seconds } = image;
  if (purpose === 'negatives') {
    await addClassImage(generatorId, subject.className, image, pixels);
    classImagesChanged();
  } else {
    const judged = typeof threshold === 'number' ? { threshold } : {};
    const generated: GeneratedDetails = {
      prompt,
      seed,
      score,
      kept,
      generatorId,
      loraId,
      seconds,
      ...judged,
    };
    await theLibrary().photos.add(subjectId, {
      ...{ role: purpose === 'backgrounds' ? 'background' : 'generated', generated },
      name: `${prompt.replace(/[^\w ]/g, '')} ${seed}.png`,
      ...{ width: pixels.width, height: pixels.height, type: 'image/png' },
      contentHash: await contentHash(pixels),
      perceptualHash: perceptualHash(pixels),
      blob: await encodeImage(pixels, 'image/png'),
    });
  }
  await noteProgress(record, image.id, kept);
  await refresh();
}

async function noteProgress(record: RunRecord, id: string, kept: boolean): Promise<void> {
  const { runs } = theLibrary();
  const known = await runs.get(record);
  if (!known) return;
  const before = progressOf(known);
  const made = [...before.made, id];
  const history: DrawingProgress = { made, kept: before.kept + (kept ? 1 : 0) };
  await runs.update(record, { step: made.length, history });
}
