import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import type { Pixels } from '../../images/types.ts';
import type { Vit } from '../../models/vit/model.ts';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type AugmentedView, ViewSource } from '../augment/view.ts';
import { viewPixels } from '../augment/viewPixels.ts';
import { type ImageCounts, type ImagePools, type ImageRef, imagePools } from '../pool/pools.ts';
import { CutPasteMaker } from '../positives/maker.ts';
import { type TrainingSettings, usesCutPaste } from '../settings.ts';
import type { Triplet, TripletPools } from '../triplets/sampler.ts';
import type { TripletBatch } from './contrastiveStep.ts';
import { PrefixCache, uploadViews } from './prefixCache.ts';
import type { TrainingImages, TrainingPhoto } from './trainer.ts';

/** A positive as it was made, for the live gallery. */
export interface PositiveMade {
  index: number;
  source: 'real' | 'cutpaste' | 'generated';
  image: Pixels;
  /** What it was made from, in words: photo, background, placement. */
  provenance: string;
}

/** Stages of getting ready, in order. */
export type PrepareStage = 'positives' | 'views' | 'prefix';

/** Told while views are made. */
export interface ViewBankHooks {
  onStage(stage: PrepareStage, done: number, total: number): void;
  onPositive(positive: PositiveMade): void;
}

/** Largest side of Cut/Paste images, in pixels; twice the encoder's own where that is less. */
const CUT_PASTE_SIDE = 448;

/** Most bytes the frozen prefix may take on the GPU; past that it is computed anew each step. */
export const PREFIX_BYTES = 768 * 2 ** 20;

/** Real positives shown in the gallery when views are fresh every step, so that there is something to see. */
const SHOWN_REAL = 12;

/** Most fixed views of a role: with many photos each gets fewer, so that memory and the first minutes stay bounded. */
const MAX_FIXED_VIEWS = 240;

/** Milliseconds of work after which the worker listens for messages. */
const YIELD_MS = 40;

/**
 * The views of a run: made once and kept with their frozen prefix (`fixed`), or drawn anew each step (`fresh`). A view
 * depends on the seed and its number, or its step and slot, alone.
 */
export class ViewBank {
  /** How many anchors, positives and negatives triplets are drawn from. */
  readonly pools: TripletPools;
  ready = false;
  readonly #context: Context;
  readonly #encoder: Vit;
  readonly #settings: TrainingSettings;
  readonly #images: TrainingImages;
  readonly #side: number;
  readonly #firstLayer: number;
  readonly #random: Philox;
  readonly #imagePools: ImagePools;
  /** Fixed views of each image, by role. */
  readonly #views: TripletPools;
  readonly #sources = new Map<string, ViewSource>();
  readonly #prefix: PrefixCache;
  readonly #preprocess: PreprocessConfig;
  readonly #cutPaste: CutPasteMaker | undefined;
  #fixed: (AugmentedView & { cached: boolean })[] = [];
  #cancelled = false;

  /** @param firstLayer lowest adapted layer; those below are frozen */
  constructor(
    context: Context,
    encoder: Vit,
    preprocess: PreprocessConfig,
    settings: TrainingSettings,
    images: TrainingImages,
    firstLayer: number,
  ) {
    this.#context = context;
    this.#encoder = encoder;
    this.#preprocess = preprocess;
    this.#settings = settings;
    this.#images = images;
    this.#side = preprocess.cropWidth;
    this.#firstLayer = firstLayer;
    this.#random = new Philox(settings.seed).split('views');
    this.#prefix = new PrefixCache(context, encoder, firstLayer);
    const masked = images.photos.filter(({ mask }) => mask);
    const counts = imageCounts(images, settings);
    if (counts.cutpaste > 0) {
      this.#cutPaste = new CutPasteMaker(
        masked.map(({ key, pixels, mask }) => ({ name: photoName(images.photos, key), pixels, mask: mask! })),
        images.backgrounds.map(({ pixels }, i) => ({ name: `background ${i + 1}`, pixels })),
        settings.cutPaste,
        Math.min(2 * this.#side, CUT_PASTE_SIDE),
        settings.seed,
      );
    }
    this.#imagePools = imagePools(counts, settings);
    this.#views = viewsOfEach(this.#imagePools, settings);
    this.pools = poolSizes(this.#imagePools, this.#views);
  }

  /** Make Cut/Paste images, fixed views and their prefix. */
  async prepare(hooks: ViewBankHooks): Promise<void> {
    if (this.ready) return;
    await this.#makeCutPaste(hooks);
    if (this.#settings.views.mode === 'fixed') await this.#makeFixed(hooks);
    else this.#showReal(hooks);
    if (!this.#cancelled) this.ready = true;
  }

  /** Stop preparing at the next opportunity. */
  cancel(): void {
    this.#cancelled = true;
  }

  /** The views of one step's triplets. */
  batch(triplets: readonly Triplet[], step: number): TripletBatch {
    const context = this.#context;
    const fixed = this.#settings.views.mode === 'fixed';
    const ids = triplets.flatMap(({ anchor, positive, negative }) =>
      this.#viewIds(anchor, positive, negative),
    );
    const fresh = fixed ? [] : triplets.flatMap((triplet, slot) => this.#freshViews(triplet, step, slot));
    const view = (i: number): AugmentedView => (fixed ? this.#fixed[ids[i]!]! : fresh[i]!);
    const frozen = (first: number, count: number): Tensor => {
      const indices = Array.from({ length: count }, (_, i) => first + i);
      if (fixed && indices.every((i) => this.#fixed[ids[i]!]!.cached)) {
        return this.#prefix.stack(indices.map((i) => ids[i]!));
      }
      const pixels = uploadViews(
        context,
        indices.map((i) => view(i).tensor),
        this.#side,
      );
      return this.#encoder.layers(this.#encoder.embed(pixels), 0, this.#firstLayer);
    };
    const patches = (this.#side / this.#encoder.config.patch) ** 2;
    return {
      triplets: triplets.length,
      fromLayer: this.#firstLayer,
      tokens: (first, count) => context.scope(() => frozen(first, count)),
      coverage: (first, count) => {
        const values = new Float32Array(2 * count * patches).fill(-1);
        for (let i = 0; i < count; i++) {
          const anchor = view(3 * (first + i)).coverage;
          const positive = view(3 * (first + i) + 1).coverage;
          if (anchor) values.set(anchor, i * patches);
          if (positive) values.set(positive, (count + i) * patches);
        }
        return context.fromArray(values, [2 * count, patches], 'coverage');
      },
    };
  }

  /** Free the GPU memory. */
  release(): void {
    this.#prefix.release();
    this.#fixed = [];
  }

  async #makeCutPaste({ onStage, onPositive }: ViewBankHooks): Promise<void> {
    const maker = this.#cutPaste;
    if (!maker) return;
    const total = this.#settings.cutPasteCount;
    const breathe = breather();
    for (let i = 0; i < total && !this.#cancelled; i++) {
      const { pixels, mask, provenance } = maker.make(i);
      this.#sources.set(`cutpaste ${i}`, this.#newSource(pixels, mask));
      onPositive({ index: i, source: 'cutpaste', image: pixels, provenance });
      onStage('positives', i + 1, total);
      await breathe();
    }
  }

  async #makeFixed({ onStage, onPositive }: ViewBankHooks): Promise<void> {
    const views = this.#views;
    const { anchors, positives, negatives } = this.#imagePools;
    const plan: { ref: ImageRef; role: string }[] = [];
    for (let i = 0; i < views.anchors; i++) plan.push(...anchors.map((ref) => ({ ref, role: 'anchor' })));
    for (let i = 0; i < views.positives; i++)
      plan.push(...positives.map((ref) => ({ ref, role: 'positive' })));
    for (let i = 0; i < views.negatives; i++)
      plan.push(...negatives.map((ref) => ({ ref, role: 'negative' })));
    const breathe = breather();
    let shown = this.#cutPaste ? this.#settings.cutPasteCount : 0;
    for (let id = 0; id < plan.length && !this.#cancelled; id++) {
      const { ref, role } = plan[id]!;
      const view = this.#source(ref).draw(this.#settings.augment, this.#random.split(`fixed ${id}`));
      this.#fixed.push({ ...view, cached: false });
      if (role === 'positive' && ref.source !== 'cutpaste')
        onPositive(this.#shownPositive(view, ref, shown++));
      onStage('views', id + 1, plan.length);
      await breathe();
    }
    await this.#fillPrefix(onStage);
  }

  async #fillPrefix(onStage: ViewBankHooks['onStage']): Promise<void> {
    if (this.#firstLayer === 0 || this.#cancelled) return;
    const bytes = PrefixCache.bytes(this.#encoder.config, this.#side, this.#fixed.length);
    if (bytes > PREFIX_BYTES) return;
    const views = this.#fixed.map(({ tensor }, id) => ({ id, pixels: tensor }));
    await this.#prefix.fill(
      views,
      this.#side,
      (done, total) => onStage('prefix', done, total),
      () => this.#cancelled,
    );
    if (this.#cancelled) return;
    for (const view of this.#fixed) {
      view.cached = true;
      view.tensor = new Float32Array();
    }
  }

  #showReal({ onPositive }: ViewBankHooks): void {
    const { positives } = this.#imagePools;
    const refs = positives.filter(({ source }) => source !== 'cutpaste');
    if (refs.length === 0) return;
    const first = this.#cutPaste ? this.#settings.cutPasteCount : 0;
    for (let i = 0; i < SHOWN_REAL; i++) {
      const ref = refs[i % refs.length]!;
      const view = this.#source(ref).draw(this.#settings.augment, this.#random.split(`shown ${i}`));
      onPositive(this.#shownPositive(view, ref, first + i));
    }
  }

  #shownPositive(view: AugmentedView, ref: ImageRef, index: number): PositiveMade {
    const generated = ref.source === 'generated';
    const name = generated
      ? `generated picture ${ref.index + 1}`
      : photoName(this.#images.photos, this.#images.photos[ref.index]!.key);
    return {
      index,
      source: generated ? 'generated' : 'real',
      image: viewPixels(view.tensor, this.#side, this.#preprocess),
      provenance: `augmented view of ${name}`,
    };
  }

  /** Places of a triplet's views in the fixed list: anchors, then positives, then negatives. */
  #viewIds(anchor: number, positive: number, negative: number): [number, number, number] {
    const { anchors, positives } = this.pools;
    return [anchor, anchors + positive, anchors + positives + negative];
  }

  #freshViews({ anchor, positive, negative }: Triplet, step: number, slot: number): AugmentedView[] {
    const { anchors, positives, negatives } = this.#imagePools;
    const refs = [anchors[anchor]!, positives[positive]!, negatives[negative]!];
    return refs.map((ref, role) =>
      this.#source(ref).draw(this.#settings.augment, this.#random.split(`fresh ${step} ${slot} ${role}`)),
    );
  }

  #source({ source, index }: ImageRef): ViewSource {
    const key = `${source} ${index}`;
    let known = this.#sources.get(key);
    if (!known) {
      const photo = this.#listOf(source)[index]!;
      known = this.#newSource(photo.pixels, photo.mask);
      this.#sources.set(key, known);
    }
    return known;
  }

  #listOf(source: ImageRef['source']): readonly TrainingPhoto[] {
    const { photos, negatives, generated = [] } = this.#images;
    if (source === 'negative') return negatives;
    return source === 'generated' ? generated : photos;
  }

  #newSource(pixels: Pixels, mask: TrainingPhoto['mask']): ViewSource {
    return new ViewSource(pixels, mask, this.#preprocess, this.#encoder.config.patch);
  }
}

/** How many images of each kind a run learns from. */
export function imageCounts(images: TrainingImages, settings: TrainingSettings): ImageCounts {
  const masks = images.photos.some(({ mask }) => mask);
  return {
    real: images.photos.length,
    cutpaste: usesCutPaste(settings) && masks ? settings.cutPasteCount : 0,
    generated: images.generated?.length ?? 0,
    negative: images.negatives.length,
  };
}

/** Fixed views that a run of so many images keeps, of all roles; none where views are fresh. */
export function fixedViews(counts: ImageCounts, settings: TrainingSettings): number {
  if (settings.views.mode === 'fresh') return 0;
  const pools = imagePools(counts, settings);
  const { anchors, positives, negatives } = poolSizes(pools, viewsOfEach(pools, settings));
  return anchors + positives + negatives;
}

/** Views of each image of a role. */
function viewsOfEach(
  { anchors, positives, negatives }: ImagePools,
  { views }: TrainingSettings,
): TripletPools {
  if (views.mode === 'fresh') return { anchors: 1, positives: 1, negatives: 1 };
  return {
    anchors: viewsEach(views.anchors, anchors.length),
    positives: viewsEach(views.positives, positives.length),
    negatives: viewsEach(views.negatives, negatives.length),
  };
}

function poolSizes({ anchors, positives, negatives }: ImagePools, each: TripletPools): TripletPools {
  return {
    anchors: anchors.length * each.anchors,
    positives: positives.length * each.positives,
    negatives: negatives.length * each.negatives,
  };
}

/** Views of each of `count` images: as many as asked for, or fewer when that would be too many in all. */
function viewsEach(wanted: number, count: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(MAX_FIXED_VIEWS / Math.max(1, count))));
}

function photoName(photos: readonly TrainingPhoto[], key: string): string {
  return `photo ${photos.findIndex((photo) => photo.key === key) + 1}`;
}

/** Lets messages in now and then during long CPU work. */
function breather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < YIELD_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
