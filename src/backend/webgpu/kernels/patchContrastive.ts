import wgsl from '../../../../shaders/patchContrastive.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { PatchContrastiveKernels } from '../../families/losses.ts';
import type { WebGpuBackend } from '../backend.ts';
import { foldGrid, linearGrid } from '../grid.ts';

/** Parts of `shaders/patchContrastive.wgsl`. */
type Part = 'classify' | 'products' | 'coefficients' | 'memberGradient' | 'rowGradient';

/** The patch term, chunk by chunk of triplets: loss and gradient together, no matrix of all pairs. */
export function patchContrastiveKernels(gpu: WebGpuBackend): PatchContrastiveKernels {
  return {
    loss(shape, { x, coverage, loss, gradient }) {
      const { triplets, tokens, patches, channels, tau, objectFrom, backgroundBelow, workspaceBytes } = shape;
      const groups = Math.ceil((3 * patches) / 4);
      const rows = 2 * patches;
      const tiles = Math.ceil(rows / 4);
      const items = channels / 4;
      const rowBytes = groups * 16;
      const most = Math.max(1, Math.min(triplets, Math.floor(workspaceBytes / (rows * rowBytes))));
      const run = (
        part: Part,
        buffers: Storage[],
        first: number,
        chunk: number,
        count: number,
        flops: number,
      ) => {
        const byRow = part === 'coefficients';
        gpu.run(
          { name: 'patchContrastive', wgsl, part, constants: byRow ? { PARALLEL: !gpu.serial } : {} },
          buffers,
          {
            ...{ triplets, first, chunk, patches, tokens, prefix: tokens - patches, items, groups },
            ...{ sharpness: 1 / tau, objectFrom, backgroundBelow },
          },
          byRow && !gpu.serial ? foldGrid(count) : linearGrid(count, 64),
          flops,
        );
      };
      const sizes = {
        kinds: triplets * rowBytes,
        list: triplets * rows * 4,
        summary: triplets * 8,
        losses: triplets * rows * 4,
        workspace: most * rows * rowBytes,
      };
      withScratch(gpu, sizes, ({ kinds, list, summary, losses, workspace }) => {
        run('classify', [coverage, kinds, list, summary], 0, triplets, triplets, 0);
        for (let first = 0; first < triplets; first += most) {
          const chunk = Math.min(most, triplets - first);
          // Objects are a quarter of a photo or so; the estimate only sizes submissions.
          const work = (chunk * rows * groups * 8 * channels) / 4;
          run('products', [x, list, summary, workspace], first, chunk, chunk * tiles * groups, work);
          run(
            'coefficients',
            [kinds, list, summary, workspace, losses],
            first,
            chunk,
            chunk * rows,
            work / 8,
          );
          if (gradient) {
            const buffers = [x, list, summary, workspace, gradient];
            run('memberGradient', buffers, first, chunk, chunk * groups * items, work);
            run('rowGradient', buffers, first, chunk, chunk * tiles * items, work);
          }
        }
        const count = triplets * rows;
        gpu.kernels.reduce.all({ count, squares: false, factor: 1 }, { x: losses, y: loss });
      });
    },
  };
}

/** Scratch memory of several sizes in bytes for the commands that `body` records. */
function withScratch<Name extends string>(
  gpu: WebGpuBackend,
  sizes: Record<Name, number>,
  body: (storages: Record<Name, Storage>) => void,
): void {
  const storages: Partial<Record<Name, Storage>> = {};
  try {
    for (const name of Object.keys(sizes) as Name[]) {
      storages[name] = gpu.alloc(sizes[name], `patch term: ${name}`);
    }
    body(storages as Record<Name, Storage>);
  } finally {
    for (const storage of Object.values<Storage | undefined>(storages)) if (storage) gpu.free(storage);
  }
}
