import { tightBox } from '../dense/box.ts';
import { otsuMask } from '../dense/cleanup.ts';
import { imageScore } from '../dense/imageScore.ts';
import { type MaskedTokens, objectAndBackground, referenceVector } from '../dense/reference.ts';
import { type MapQuery, similarityMap } from '../dense/similarity.ts';
import { maskIou } from '../evaluation/metrics/iou.ts';
import { patchAp } from '../evaluation/metrics/patchAp.ts';
import type { PatchGeometry } from '../images/geometry.ts';
import { maskToPatches, patchesToPhoto } from '../images/patches.ts';
import type { MapTarget } from '../images/preprocessForMap.ts';
import { resizeMask } from '../images/resize.ts';
import type { DenseFeatures, FeatureStore } from './features.ts';
import type { DenseMap, EnginePhoto, MapSettings, Which } from './protocol.ts';

/** Longest side at which Otsu masks are made, in pixels. */
const MASK_SIDE = 512;

/** Half-axes of the ellipse taken for the object where no photo has a mask, as shares of the photo's sides. */
const MIDDLE = 0.3;

/** How a map's settings read as a preprocessing target. */
export function mapTarget({ size, frame = 'fit' }: MapSettings): MapTarget {
  return { mode: frame, size };
}

/**
 * Maps of photos against the training photos, for both sets of weights alike (method §3.4). Queries are made once per
 * set of weights, references and settings.
 */
export class MapMaker {
  readonly #features: FeatureStore;
  readonly #references: readonly EnginePhoto[];
  readonly #queries = new Map<string, MapQuery>();

  constructor(features: FeatureStore, references: readonly EnginePhoto[]) {
    this.#features = features;
    this.#references = references;
  }

  /** The raw map of one photo by one set of weights, with the features it was made from. */
  async similarity(
    which: Which,
    { key, pixels }: EnginePhoto,
    settings: MapSettings,
  ): Promise<{ values: Float32Array<ArrayBuffer>; features: DenseFeatures }> {
    const features = await this.#features.dense(which, key, pixels, mapTarget(settings));
    const { tokens, dimension } = features;
    return { values: similarityMap(tokens, dimension, await this.#query(which, settings)), features };
  }

  /** Map, mask, box and scores of one photo by one set of weights. */
  async make(which: Which, photo: EnginePhoto, settings: MapSettings): Promise<DenseMap> {
    const { values, features } = await this.similarity(which, photo, settings);
    const { geometry } = features;
    const { width, height } = maskSize(photo.pixels);
    const { mask } = otsuMask(patchesToPhoto(values, geometry, width, height), width, height);
    const box = tightBox(mask);
    const truth = photo.mask;
    return {
      which,
      columns: geometry.columns,
      rows: geometry.rows,
      values,
      mask,
      box:
        box &&
        (box.map(
          (side, i) => side / (i % 2 ? height / photo.pixels.height : width / photo.pixels.width),
        ) as DenseMap['box']),
      score: await this.score(which, photo),
      referenceFrom: this.#masked().length ? 'masks' : 'middle',
      patchAp: truth ? patchAp(values, maskToPatches(truth, geometry)) : null,
      iou: truth ? maskIou(mask, resizeMask(truth, width, height)) : null,
    };
  }

  /** Largest cosine of a photo's class token to those of the training photos (method §3.2). */
  async score(which: Which, photo: EnginePhoto): Promise<number> {
    const references: Float32Array[] = [];
    for (const { key, pixels } of this.#references) {
      references.push(await this.#features.global(which, key, pixels));
    }
    return imageScore(await this.#features.global(which, photo.key, photo.pixels), references);
  }

  #masked(): readonly EnginePhoto[] {
    return this.#references.filter(({ mask }) => mask?.data.some((value) => value > 0));
  }

  async #query(which: Which, settings: MapSettings): Promise<MapQuery> {
    const name = `${which} ${settings.mode} ${settings.size} ${settings.frame}`;
    const known = this.#queries.get(name);
    if (known) return known;
    const query = await this.#makeQuery(which, settings);
    this.#queries.set(name, query);
    return query;
  }

  /** Without any mask the object is taken to fill the middle of every training photo; the page says so. */
  async #makeQuery(which: Which, settings: MapSettings): Promise<MapQuery> {
    const masked = this.#masked();
    const photos = masked.length ? masked : this.#references;
    const used = settings.mode === 'reference' ? photos.slice(0, 1) : photos;
    const tokens: MaskedTokens[] = [];
    for (const { key, pixels, mask } of used) {
      const features = await this.#features.dense(which, key, pixels, mapTarget(settings));
      const coverage = masked.length ? maskToPatches(mask!, features.geometry) : middle(features.geometry);
      tokens.push({ tokens: features.tokens, dimension: features.dimension, coverage });
    }
    return settings.mode === 'reference'
      ? { mode: 'reference', vector: referenceVector(tokens[0]!) }
      : { mode: 'object-minus-background', ...objectAndBackground(tokens) };
  }
}

/** Size at which a photo's Otsu mask is made. */
export function maskSize({ width, height }: { width: number; height: number }) {
  const scale = Math.min(1, MASK_SIDE / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

function middle({ columns, rows }: PatchGeometry): Float32Array {
  return Float32Array.from({ length: columns * rows }, (_, i) => {
    const x = ((i % columns) + 0.5) / columns - 0.5;
    const y = (Math.floor(i / columns) + 0.5) / rows - 0.5;
    return (x / MIDDLE) ** 2 + (y / MIDDLE) ** 2 <= 1 ? 1 : 0;
  });
}
