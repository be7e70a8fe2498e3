import { useEffect, useState } from 'react';
import type { Photo } from '../../library/types.ts';
import { theLibrary } from '../store/library.ts';

/** A stored photo decoded for drawing; undefined until it is. */
export function usePhotoBitmap(photo: Photo): ImageBitmap | undefined {
  const [bitmap, setBitmap] = useState<ImageBitmap>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a photo's picture is named by its id and hash
  useEffect(() => {
    let gone = false;
    setBitmap(undefined);
    const load = async (): Promise<void> => {
      const blob = await theLibrary().photos.blob(photo);
      if (!blob || gone) return;
      const made = await createImageBitmap(blob);
      if (gone) made.close();
      else setBitmap(made);
    };
    load().catch(() => setBitmap(undefined));
    return () => {
      gone = true;
    };
  }, [photo.id, photo.contentHash]);
  return bitmap;
}
