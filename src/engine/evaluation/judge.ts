import { type Box, largestContour, tightBox } from '../../dense/box.ts';
import { boxToken, squashedBoxToken } from '../../dense/boxToken.ts';
import { otsuMask } from '../../dense/cleanup.ts';
import { cosine } from '../../dense/vectors.ts';
import { boxIou, maskIou } from '../../evaluation/metrics/iou.ts';
import { patchAp } from '../../evaluation/metrics/patchAp.ts';
import type { DenseRecord, DenseTruth } from '../../evaluation/tasks/records.ts';
import { maskToPatches, patchesToPhoto } from '../../images/patches.ts';
import { resizeMask } from '../../images/resize.ts';
import type { Mask } from '../../images/types.ts';
import type { DenseFeatures, FeatureStore } from '../features.ts';
import { type MapMaker, mapTarget, maskSize } from '../maps.ts';
import type { EnginePhoto, Which } from '../protocol.ts';
import type { EvaluationSettings, PictureJudgement } from './protocol.ts';

/**
 * Judges pictures as method §3 does: score by class token; a box around all that Otsu's threshold leaves of the map, a
 * mask of its largest contour, and their confidence. Areas and overlaps are in pixels of the photo at 512 on its longer
 * side at most.
 */
export class PictureJudge {
  readonly #features: FeatureStore;
  readonly #maps: MapMaker;
  readonly #references: readonly EnginePhoto[];
  /** Unit-patch means of the training photos' boxes, by set of weights and settings. */
  readonly #boxes = new Map<string, Float32Array[]>();

  constructor(features: FeatureStore, maps: MapMaker, references: readonly EnginePhoto[]) {
    this.#features = features;
    this.#maps = maps;
    this.#references = references;
  }

  /** What one set of weights says of one picture. */
  async judge(
    which: Which,
    photo: EnginePhoto,
    own: boolean,
    settings: EvaluationSettings,
  ): Promise<PictureJudgement> {
    const embedding = await this.#features.global(which, photo.key, photo.pixels);
    const score = await this.#maps.score(which, photo);
    const masked = this.#references.some(isMarked);
    if (!settings.dense || !masked) return { embedding, score, dense: null, map: null };
    return { embedding, score, ...(await this.#dense(which, photo, own, settings)) };
  }

  async #dense(
    which: Which,
    photo: EnginePhoto,
    own: boolean,
    settings: EvaluationSettings,
  ): Promise<{ dense: DenseRecord; map: PictureJudgement['map'] }> {
    const { values, features } = await this.#maps.similarity(which, photo, settings.map);
    const { geometry } = features;
    const { width, height } = maskSize(photo.pixels);
    const { mask } = otsuMask(patchesToPhoto(values, geometry, width, height), width, height);
    const box = tightBox(mask, 'reference');
    const outline = largestContour(mask);
    const marked = own && isMarked(photo) ? photo.mask! : undefined;
    const truth = marked ? overlap(resizeMask(marked, width, height), box, outline) : null;
    const dense: DenseRecord = {
      confidence:
        box && (await this.#confidence(which, settings, features, toPhoto(box, photo, width, height))),
      boxArea: box ? box[2] * box[3] : 0,
      maskArea: count(outline),
      truth: truth && { ...truth, patchAp: patchAp(values, maskToPatches(marked!, geometry)) },
    };
    return { dense, map: { columns: geometry.columns, rows: geometry.rows, values } };
  }

  /** Method §3.4 step 7: the largest cosine of the mean patch in the box to that in a training photo's box. */
  async #confidence(
    which: Which,
    settings: EvaluationSettings,
    { tokens, dimension, geometry }: DenseFeatures,
    box: Box,
  ): Promise<number> {
    const token = tokenOf(settings)(tokens, dimension, geometry, box);
    if (!token) return NO_CONFIDENCE;
    const references = await this.#referenceBoxes(which, settings);
    return Math.max(NO_CONFIDENCE, ...references.map((reference) => cosine(token, reference)));
  }

  async #referenceBoxes(which: Which, settings: EvaluationSettings): Promise<Float32Array[]> {
    const { map, confidence } = settings;
    const name = `${which} ${map.size} ${map.frame} ${confidence}`;
    const known = this.#boxes.get(name);
    if (known) return known;
    const made: Float32Array[] = [];
    for (const photo of this.#references.filter(isMarked)) {
      const { key, pixels, mask } = photo;
      const { tokens, dimension, geometry } = await this.#features.dense(which, key, pixels, mapTarget(map));
      const box = tightBox(mask!, 'reference')!;
      const place = toPhoto(box, photo, mask!.width, mask!.height);
      const token = tokenOf(settings)(tokens, dimension, geometry, place);
      if (token) made.push(token);
    }
    this.#boxes.set(name, made);
    return made;
  }
}

/** Of a box that the reference has no number for: below all that it has. */
const NO_CONFIDENCE = -1;

function tokenOf({ confidence }: EvaluationSettings) {
  return confidence === 'reference' ? squashedBoxToken : boxToken;
}

/** Overlaps of what was found with the truth; all at the same size. */
function overlap(truth: Mask, box: Box | null, outline: Mask): Omit<DenseTruth, 'patchAp'> {
  const trueBox = tightBox(truth, 'reference') ?? [0, 0, 0, 0];
  return {
    maskArea: count(truth),
    boxArea: trueBox[2] * trueBox[3],
    boxIou: box ? boxIou(box, trueBox) : 0,
    maskIou: box ? maskIou(outline, truth) : 0,
  };
}

function isMarked({ mask }: EnginePhoto): boolean {
  return mask?.data.some((value) => value > 0) ?? false;
}

function count({ data }: Mask): number {
  return data.reduce((sum, value) => sum + Number(value > 0), 0);
}

/** A box from a mask's pixels to the photo's. */
function toPhoto([x, y, w, h]: Box, { pixels }: EnginePhoto, width: number, height: number): Box {
  const [across, down] = [pixels.width / width, pixels.height / height];
  return [x * across, y * down, w * across, h * down];
}
