import { useEffect, useState } from 'react';
import type { Photo } from '../library/types.ts';
import { theLibrary } from './store/library.ts';

/** An object URL of a stored photo, revoked when the component goes; undefined until it is read. */
export function usePhotoUrl(photo: Photo | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  const id = photo?.id;
  const hash = photo?.contentHash;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a photo's picture is named by its id and hash
  useEffect(() => {
    if (!photo) return;
    let gone = false;
    let made: string | undefined;
    theLibrary()
      .photos.blob(photo)
      .then((blob) => {
        if (gone || !blob) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      })
      .catch(() => setUrl(undefined));
    return () => {
      gone = true;
      setUrl(undefined);
      if (made) URL.revokeObjectURL(made);
    };
  }, [id, hash]);
  return url;
}
