/** Pixels of images [N, H, W, C]; the interface is `ImageKernels` in src/backend/families. */
import { ADD_PER_IMAGE, ENLARGE, PAD, PATCHES, SHRINK } from './ops/images';
import { addRun } from './rows/vectors';
import { partStart } from './simd';

export function imagesKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  switch (kernel) {
    case PAD:
      pad(args, task, tasks);
      break;
    case ENLARGE:
      enlarge(args, task, tasks);
      break;
    case SHRINK:
      shrink(args, task, tasks);
      break;
    case ADD_PER_IMAGE:
      addPerImage(args, task, tasks);
      break;
    case PATCHES:
      patches(args, task, tasks);
      break;
    default:
      unreachable();
  }
}

/**
 * Arguments: 0 x, 4 y, 8 images, 12 height, 16 width, 20 channels, 24 outHeight, 28 outWidth, 32 top, 36 left, 40 dilation. Tasks
 * share out lines of the result.
 */
function pad(args: usize, task: i32, tasks: i32): void {
  const height = load<i32>(args, 12);
  const width = load<i32>(args, 16);
  const outHeight = load<i32>(args, 24);
  const outWidth = load<i32>(args, 28);
  const top = load<i32>(args, 32);
  const left = load<i32>(args, 36);
  const dilation = load<i32>(args, 40);
  const pixel = load<usize>(args, 20) * 4;
  const lines = load<i32>(args, 8) * outHeight;
  const last = partStart(lines, task + 1, tasks);
  // Columns of x that lie inside the result.
  const first = left < 0 ? (dilation - 1 - left) / dilation : 0;
  const end = min(width, (outWidth - 1 - left) / dilation + 1);
  for (let line = partStart(lines, task, tasks); line < last; line++) {
    const y = load<usize>(args, 4) + <usize>line * <usize>outWidth * pixel;
    const down = (line % outHeight) - top;
    const row = down / dilation;
    if (down < 0 || down % dilation != 0 || row >= height) {
      memory.fill(y, 0, <usize>outWidth * pixel);
      continue;
    }
    const image = line / outHeight;
    const x = load<usize>(args) + <usize>(image * height + row) * <usize>width * pixel;
    if (dilation == 1) {
      const begin = <usize>(left + first) * pixel;
      const bytes = <usize>(end - first) * pixel;
      memory.fill(y, 0, begin);
      memory.copy(y + begin, x + <usize>first * pixel, bytes);
      memory.fill(y + begin + bytes, 0, <usize>outWidth * pixel - begin - bytes);
    } else {
      memory.fill(y, 0, <usize>outWidth * pixel);
      for (let column = first; column < end; column++) {
        memory.copy(y + <usize>(left + column * dilation) * pixel, x + <usize>column * pixel, pixel);
      }
    }
  }
}

/** Arguments: 0 x, 4 y, 8 lines (of all images), 12 width, 16 channels. Tasks share out lines of x. */
function enlarge(args: usize, task: i32, tasks: i32): void {
  const lines = load<i32>(args, 8);
  const width = load<i32>(args, 12);
  const pixel = load<usize>(args, 16) * 4;
  const bytes = <usize>width * 2 * pixel;
  const last = partStart(lines, task + 1, tasks);
  for (let line = partStart(lines, task, tasks); line < last; line++) {
    let x = load<usize>(args) + <usize>line * <usize>width * pixel;
    const y = load<usize>(args, 4) + <usize>line * 2 * bytes;
    let to = y;
    for (let column: i32 = 0; column < width; column++) {
      memory.copy(to, x, pixel);
      memory.copy(to + pixel, x, pixel);
      x += pixel;
      to += 2 * pixel;
    }
    memory.copy(y + bytes, y, bytes);
  }
}

/** Arguments: 0 dy, 4 dx, 8 lines (of all images), 12 width, 16 channels. Tasks share out lines of dx. */
function shrink(args: usize, task: i32, tasks: i32): void {
  const lines = load<i32>(args, 8);
  const width = load<i32>(args, 12);
  const pixel = load<usize>(args, 16) * 4;
  const bytes = <usize>width * 2 * pixel;
  const last = partStart(lines, task + 1, tasks);
  for (let line = partStart(lines, task, tasks); line < last; line++) {
    let above = load<usize>(args) + <usize>line * 2 * bytes;
    let below = above + bytes;
    let to = load<usize>(args, 4) + <usize>line * <usize>width * pixel;
    for (let column: i32 = 0; column < width; column++) {
      const end = to + pixel;
      for (; to < end; to += 16) {
        const upper = f32x4.add(v128.load(above), v128.load(above + pixel));
        const lower = f32x4.add(v128.load(below), v128.load(below + pixel));
        v128.store(to, f32x4.add(upper, lower));
        above += 16;
        below += 16;
      }
      above += pixel;
      below += pixel;
    }
  }
}

/** Arguments: 0 x, 4 t, 8 y, 12 images, 16 pixels, 20 channels. Tasks share out pixels. */
function addPerImage(args: usize, task: i32, tasks: i32): void {
  const pixels = load<i32>(args, 16);
  const channels = load<i32>(args, 20);
  const bytes = <usize>channels * 4;
  const total = load<i32>(args, 12) * pixels;
  const last = partStart(total, task + 1, tasks);
  for (let pixel = partStart(total, task, tasks); pixel < last; pixel++) {
    const at = <usize>pixel * bytes;
    addRun(load<usize>(args) + at, load<usize>(args, 4) + <usize>(pixel / pixels) * bytes, load<usize>(args, 8) + at, channels);
  }
}

/** Arguments: 0 pixels, 4 rows, 8 images, 12 channels, 16 height, 20 width, 24 side. Tasks share out patches. */
function patches(args: usize, task: i32, tasks: i32): void {
  const channels = load<i32>(args, 12);
  const height = load<i32>(args, 16);
  const width = load<i32>(args, 20);
  const side = load<i32>(args, 24);
  const across = width / side;
  const perImage = across * (height / side);
  const bytes = <usize>side * 4;
  const total = load<i32>(args, 8) * perImage;
  const last = partStart(total, task + 1, tasks);
  for (let patch = partStart(total, task, tasks); patch < last; patch++) {
    const image = patch / perImage;
    const place = patch % perImage;
    let to = load<usize>(args, 4) + <usize>patch * <usize>(channels * side) * bytes;
    for (let channel: i32 = 0; channel < channels; channel++) {
      const line = (image * channels + channel) * height + (place / across) * side;
      let from = load<usize>(args) + (<usize>line * <usize>width + <usize>((place % across) * side)) * 4;
      for (let row: i32 = 0; row < side; row++) {
        memory.copy(to, from, bytes);
        to += bytes;
        from += <usize>width * 4;
      }
    }
  }
}
