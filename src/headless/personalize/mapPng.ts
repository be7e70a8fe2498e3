import { applyColormap, sharedRange } from '../../dense/colormap.ts';
import type { DenseMap, MapSettings } from '../../engine/protocol.ts';
import type { Pixels } from '../../images/types.ts';

/** Longer side of each of the pictures, and the gap between them, in pixels. */
const SIDE = 320;
const GAP = 8;

/** Photo, pretrained map, personalized map side by side on one colour scale, as a PNG. */
export async function mapPng(
  photo: Pixels,
  maps: readonly DenseMap[],
  mode: MapSettings['mode'],
): Promise<Uint8Array<ArrayBuffer>> {
  const scale = SIDE / Math.max(photo.width, photo.height);
  const width = Math.round(photo.width * scale);
  const height = Math.round(photo.height * scale);
  const canvas = new OffscreenCanvas((maps.length + 1) * (width + GAP) - GAP, height);
  const context = canvas.getContext('2d')!;
  const draw = async (source: ImageData, index: number): Promise<void> => {
    const bitmap = await createImageBitmap(source);
    context.drawImage(bitmap, index * (width + GAP), 0, width, height);
    bitmap.close();
  };
  await draw(new ImageData(photo.data, photo.width, photo.height), 0);
  const diverging = mode === 'object-minus-background';
  const { low, high } = sharedRange(
    maps.map(({ values }) => values),
    { symmetric: diverging },
  );
  for (const [i, { values, columns, rows }] of maps.entries()) {
    const colors = applyColormap(values, low, high, diverging ? 'diverging' : 'sequential');
    context.imageSmoothingEnabled = false;
    await draw(new ImageData(new Uint8ClampedArray(colors), columns, rows), i + 1);
  }
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}
