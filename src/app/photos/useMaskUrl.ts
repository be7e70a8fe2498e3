import { useEffect, useState } from 'react';
import type { Photo } from '../../library/types.ts';
import { theLibrary } from '../store/library.ts';
import { maskOverlay } from './mask/outline.ts';

/** Longest side of the overlay on a thumbnail, in pixels. */
const SIDE = 240;

/** The mask of a photo as a picture to lay over its thumbnail; undefined where there is none. */
export function useMaskUrl(photo: Photo, version: number | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the mask's contents
  useEffect(() => {
    if (version === undefined) return;
    let gone = false;
    let made: string | undefined;
    const load = async (): Promise<void> => {
      const mask = await theLibrary().masks.get(photo);
      if (!mask || gone) return;
      const full = await createImageBitmap(maskOverlay(mask));
      const scale = Math.min(1, SIDE / Math.max(mask.width, mask.height));
      const canvas = new OffscreenCanvas(Math.ceil(mask.width * scale), Math.ceil(mask.height * scale));
      canvas.getContext('2d')!.drawImage(full, 0, 0, canvas.width, canvas.height);
      full.close();
      const blob = await canvas.convertToBlob();
      if (gone) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    };
    load().catch(() => setUrl(undefined));
    return () => {
      gone = true;
      setUrl(undefined);
      if (made) URL.revokeObjectURL(made);
    };
  }, [photo.id, version]);
  return url;
}
