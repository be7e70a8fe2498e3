import { applyColormap, sharedRange } from '../../dense/colormap.ts';
import type { DenseMap, MapSettings } from '../../engine/protocol.ts';
import type { Pixels } from '../../images/types.ts';

/** Longer side of each of the pictures, and the gap between them, in pixels. */
const SIDE = 320;
const GAP = 8;

/** Maps of one photo beside it. */
export interface MapPicture {
  /** The file. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Similarities at the ends of the colour scale that all maps share. */
  scale: [low: number, high: number];
}

/**
 * Photo, pretrained map, personalized map side by side on one colour scale.
 * @param type a JPEG takes a fifth of the room, for where there are many
 */
export async function mapPicture(
  photo: Pixels,
  maps: readonly DenseMap[],
  mode: MapSettings['mode'],
  type: 'image/png' | 'image/jpeg',
): Promise<MapPicture> {
  const scale = SIDE / Math.max(photo.width, photo.height);
  const width = Math.round(photo.width * scale);
  const height = Math.round(photo.height * scale);
  const canvas = new OffscreenCanvas((maps.length + 1) * (width + GAP) - GAP, height);
  const context = canvas.getContext('2d')!;
  // A JPEG has no transparency: the gaps would be black.
  context.fillStyle = '#fff';
  if (type === 'image/jpeg') context.fillRect(0, 0, canvas.width, canvas.height);
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
  const blob = await canvas.convertToBlob({ type, quality: 0.88 });
  return { bytes: new Uint8Array(await blob.arrayBuffer()), scale: [low, high] };
}
