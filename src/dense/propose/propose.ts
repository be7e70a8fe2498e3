import { ImageSizeError } from '../../images/errors.ts';
import { longestEdgeSize, type PatchGeometry } from '../../images/geometry.ts';
import { interpolateBilinear } from '../../images/interpolate.ts';
import { maskOf } from '../../images/mask/maskOf.ts';
import { patchesToPhoto } from '../../images/patches.ts';
import { resizePixels } from '../../images/resize.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import { fillHoles, labelComponents, selectComponents } from '../components.ts';
import { DenseInputError } from '../errors.ts';
import { type Click, nearestSquared, requireClicks, scaleClicks } from './clicks.ts';
import { colorBins, colorLogOdds } from './colorOdds.ts';
import { colorEdges, type Edges, outlineContrast } from './edges.ts';
import { clickEvidence } from './evidence.ts';
import { type Affinities, affinities, randomWalk } from './randomWalk.ts';

/** Longer side at which outlines are found, in pixels. */
const WORKING_SIDE = 192;
/** Say of the features: nats a standard deviation, and the evidence (in deviations) that leaves it open. */
const FEATURE_WEIGHT = 1.5;
const FEATURE_MIDPOINT = 0.8;
/** Say of the colours, of their log odds. */
const COLOR_WEIGHT = 0.4;
/** Times that colours are learned from the answer and the answer found anew. */
const ROUNDS = 2;
/** Sizes of object that are tried: Gaussian reach around the clicks, as a share of the longer side. */
const REACHES = [0.1, 0.18, 0.3];
/** Cuts of each answer that are tried. */
const CUTS = [0.3, 0.5, 0.7];
/** Radius around a click that must obey it, as a share of the longer side, and how strongly. */
const CLICK_RADIUS = 0.02;
const CLICK_BELIEF = 50;
/** Say of a "not this" click, in nats, and how far it reaches, as a share of the way to the nearest positive click. */
const DENIAL = 6;
const DENIAL_SHARE = 0.4;

/** What a proposal is made from. */
export interface ProposalInput {
  pixels: Pixels;
  /** [rows·columns, dimension]: patch tokens of the whole photo (`fit`, `squash`, or `pad` with the padding cut). */
  tokens: Float32Array;
  dimension: number;
  geometry: PatchGeometry;
}

/**
 * Propose the mask of the clicked object from the encoder's own patch features: evidence for each patch, brought to
 * pixels and to the image's edges by random walks with colour models, for several sizes of object; of all the
 * outlines found, the one that follows the strongest edges is taken. Only what is connected to a positive click is
 * kept, holes are filled.
 *
 * @param clicks in photo pixels, at least one positive; negative ones say "not this"
 * @returns a mask of the photo's size, 0 or 255
 * @throws DenseInputError without a positive click, or for a click outside the photo
 * @throws ImageSizeError when the geometry is of another photo
 */
export function proposeMask(input: ProposalInput, clicks: readonly Click[]): Mask {
  const { pixels, tokens, dimension, geometry } = input;
  if (geometry.photoWidth !== pixels.width || geometry.photoHeight !== pixels.height) {
    throw new ImageSizeError(
      `the patch grid is of a photo of ${geometry.photoWidth}×${geometry.photoHeight}, not of ${pixels.width}×${pixels.height}`,
    );
  }
  requireClicks(clicks, geometry);
  const size = longestEdgeSize(pixels.width, pixels.height, WORKING_SIDE);
  const small = resizePixels(pixels, size.width, size.height, 'bilinear');
  const edges = colorEdges(small);
  const scene: Scene = {
    width: size.width,
    height: size.height,
    bins: colorBins(small),
    grid: affinities(edges),
    evidence: patchesToPhoto(
      clickEvidence(tokens, dimension, geometry, clicks),
      geometry,
      size.width,
      size.height,
    ),
    clicks: scaleClicks(clicks, size.width / pixels.width, size.height / pixels.height),
  };
  if (scene.evidence.some(Number.isNaN)) {
    throw new DenseInputError(
      'the patch grid does not cover the whole photo; propose masks from a fitted photo',
    );
  }
  const { field, cut } = bestOutline(scene, edges);
  const full = interpolateBilinear(field, size.width, size.height, pixels.width, pixels.height);
  return clickedPart(full, pixels.width, pixels.height, cut, clicks);
}

/** The photo at working size. */
interface Scene {
  width: number;
  height: number;
  bins: Uint16Array;
  grid: Affinities;
  /** Feature evidence at each pixel. */
  evidence: Float32Array<ArrayBuffer>;
  clicks: Click[];
}

/** Among all reaches and cuts, the answer whose outline has the most contrast and that obeys most clicks. */
function bestOutline(scene: Scene, edges: Edges): { field: Float32Array<ArrayBuffer>; cut: number } {
  let best = { field: new Float32Array(scene.evidence.length), cut: 1, contrast: -1, obeyed: -1 };
  for (const reach of REACHES) {
    const field = objectField(scene, reach);
    for (const cut of CUTS) {
      const mask = clickedPart(field, scene.width, scene.height, cut, scene.clicks);
      const contrast = outlineContrast(mask, edges);
      const obeyed = obeyedClicks(mask, scene.clicks);
      if (obeyed > best.obeyed || (obeyed === best.obeyed && contrast > best.contrast)) {
        best = { field, cut, contrast, obeyed };
      }
    }
  }
  return best;
}

/** Probability of being object at each pixel, for an object of about the size `reach` (share of the longer side). */
function objectField(scene: Scene, reach: number): Float32Array<ArrayBuffer> {
  const { width, height, clicks } = scene;
  const positive = clicks.filter((click) => click.positive);
  const negative = clicks.filter((click) => !click.positive);
  const side = Math.max(width, height);
  const gap = Math.min(...negative.map(({ x, y }) => nearestSquared(positive, x, y)));
  const belief = new Float32Array(width * height).fill(1);
  const given = new Float32Array(width * height).fill(Number.NaN);
  const base = scene.evidence.map((evidence, i) => {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const near = nearestSquared(positive, x, y);
    const refused = nearestSquared(negative, x, y);
    // The nearest pixel always obeys, however small the radius.
    if (Math.min(near, refused) <= Math.max(CLICK_RADIUS * side, Math.SQRT1_2) ** 2) {
      belief[i] = CLICK_BELIEF;
      given[i] = near <= refused ? 1 : 0;
    }
    const denial =
      refused === Number.POSITIVE_INFINITY ? 0 : DENIAL * Math.exp(-refused / (2 * DENIAL_SHARE ** 2 * gap));
    return FEATURE_WEIGHT * (evidence - FEATURE_MIDPOINT) - near / (2 * (reach * side) ** 2) - denial;
  });
  const obey = (probability: number, i: number) => (Number.isNaN(given[i]!) ? probability : given[i]!);
  let field = base.map(logistic);
  for (let round = 0; round <= ROUNDS; round++) {
    const colors = colorLogOdds(scene.bins, field);
    const prior = base.map((value, i) => obey(logistic(value + COLOR_WEIGHT * colors[i]!), i));
    field = randomWalk(scene.grid, prior, belief);
  }
  return field;
}

/** What is above the cut and connected to a positive click; holes are filled but those clicked as "not this". */
function clickedPart(
  field: Float32Array,
  width: number,
  height: number,
  cut: number,
  clicks: readonly Click[],
): Mask {
  const above = maskOf(field, width, height, (value) => value > cut);
  const clicked = componentsAt(
    above,
    clicks.filter((click) => click.positive),
  );
  const filled = fillHoles(clicked);
  const holes = { width, height, data: filled.data.map((value, i) => value - clicked.data[i]!) };
  const refused = componentsAt(
    holes,
    clicks.filter((click) => !click.positive),
  );
  return { width, height, data: filled.data.map((value, i) => value - refused.data[i]!) };
}

/** The components (sharing edges) that some clicks hit. */
function componentsAt(mask: Mask, clicks: readonly Click[]): Mask {
  const components = labelComponents(mask, 4);
  const hit = new Set(clicks.map((click) => components.labels[pixelAt(mask, click)]));
  return selectComponents(mask, components, (label) => hit.has(label));
}

function obeyedClicks(mask: Mask, clicks: readonly Click[]): number {
  return clicks.filter((click) => mask.data[pixelAt(mask, click)]! > 0 === click.positive).length;
}

function pixelAt({ width, height }: Mask, { x, y }: Click): number {
  return Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x));
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
