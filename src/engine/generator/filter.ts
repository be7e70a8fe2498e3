import { tightBox } from '../../dense/box.ts';
import { imageScore } from '../../dense/imageScore.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import type { FeatureStore } from '../features.ts';
import type { MapMaker } from '../maps.ts';
import type { EnginePhoto } from '../protocol.ts';
import type { FilterScale } from './protocol.ts';

/** A box in a picture's pixels, [x, y, width, height]. */
type Box = [number, number, number, number];

/** Smaller regions, as a share of the picture, are taken for noise: no subject was found. */
const SMALLEST_REGION = 0.005;

/**
 * The filter of method §1.4 with the pretrained encoder in DreamSim's and SAM's place (a substitute, and named so wherever
 * its scores are shown): the subject's region in a generated image comes from its dense map, object minus background;
 * its crop's class token is compared with those of the real photos' crops; the score is the mean cosine.
 */
export class SubjectFilter {
  readonly #features: FeatureStore;
  readonly #maps: MapMaker;
  readonly #references: readonly EnginePhoto[];
  readonly #size: number;
  #crops: Float32Array[] | undefined;
  #count = 0;

  /** @param size side at which maps are made, in pixels */
  constructor(features: FeatureStore, maps: MapMaker, references: readonly EnginePhoto[], size: number) {
    this.#features = features;
    this.#maps = maps;
    this.#references = references;
    this.#size = size;
  }

  /** Score and region of a picture; no score where no subject is seen. */
  async score(pixels: Pixels): Promise<{ score: number | null; box: Box | null }> {
    const key = this.#nextKey();
    const map = await this.#maps.make(
      'pretrained',
      { key, pixels },
      {
        size: this.#size,
        mode: 'object-minus-background',
      },
    );
    this.#features.forget([key]);
    const { box } = map;
    if (!box || box[2] * box[3] < SMALLEST_REGION * pixels.width * pixels.height)
      return { score: null, box: null };
    const embedding = await this.#embed(crop(pixels, box));
    const crops = await this.#referenceCrops();
    return { score: meanCosine(embedding, crops), box };
  }

  /**
   * What photos and pictures of something else score.
   * @param onPicture after every picture looked at; throwing ends it
   */
  async scale(
    others: readonly EnginePhoto[],
    onPicture: (done: number, total: number) => Promise<void> | void = () => {},
  ): Promise<FilterScale> {
    const total = this.#references.length + others.length;
    await onPicture(0, total);
    const crops = await this.#referenceCrops((done) => onPicture(done, total));
    const photos =
      crops.length > 1
        ? crops.map((own, i) =>
            meanCosine(
              own,
              crops.filter((_, j) => j !== i),
            ),
          )
        : [];
    const scores: number[] = [];
    for (const [i, { pixels }] of others.entries()) {
      const { score } = await this.score(pixels);
      if (score !== null) scores.push(score);
      await onPicture(crops.length + i + 1, total);
    }
    const [high, low] = [mean(photos) ?? 1, mean(scores) ?? 0];
    return { photos, others: scores, threshold: (high + low) / 2 };
  }

  async #referenceCrops(onCrop: (done: number) => Promise<void> | void = () => {}): Promise<Float32Array[]> {
    if (this.#crops) return this.#crops;
    const crops: Float32Array[] = [];
    for (const { pixels, mask } of this.#references) {
      const box = mask ? maskBox(mask, pixels) : null;
      crops.push(await this.#embed(box ? crop(pixels, box) : pixels));
      await onCrop(crops.length);
    }
    this.#crops = crops;
    return crops;
  }

  async #embed(pixels: Pixels): Promise<Float32Array> {
    const key = this.#nextKey();
    const embedding = await this.#features.global('pretrained', key, pixels);
    this.#features.forget([key]);
    return embedding;
  }

  #nextKey(): string {
    return `filter-${this.#count++}`;
  }
}

/** Mean of cosines, where `imageScore` takes the largest. */
function meanCosine(embedding: Float32Array, references: readonly Float32Array[]): number {
  return (
    references.reduce((sum, reference) => sum + imageScore(embedding, [reference]), 0) / references.length
  );
}

function mean(values: readonly number[]): number | undefined {
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : undefined;
}

function maskBox(mask: Mask, pixels: Pixels): Box | null {
  const box = tightBox(mask);
  if (!box) return null;
  const [scaleX, scaleY] = [pixels.width / mask.width, pixels.height / mask.height];
  return [box[0] * scaleX, box[1] * scaleY, box[2] * scaleX, box[3] * scaleY];
}

function crop({ width, height, data }: Pixels, [x, y, w, h]: Box): Pixels {
  const left = Math.max(0, Math.min(width - 1, Math.floor(x)));
  const top = Math.max(0, Math.min(height - 1, Math.floor(y)));
  const columns = Math.max(1, Math.min(width - left, Math.round(w)));
  const rows = Math.max(1, Math.min(height - top, Math.round(h)));
  const out = new Uint8ClampedArray(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    const from = ((top + row) * width + left) * 4;
    out.set(data.subarray(from, from + columns * 4), row * columns * 4);
  }
  return { width: columns, height: rows, data: out };
}
