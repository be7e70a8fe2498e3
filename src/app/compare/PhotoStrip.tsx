import { Badge, Group, ScrollArea, UnstyledButton } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import type { Photo } from '../../library/types.ts';
import { selectPhoto } from '../store/compare.ts';
import { usePhotoUrl } from '../usePhotoUrl.ts';

/** Short words for how test photos differ from the training photos (method §2.1). */
const SHIFTS: Record<string, string> = { id: 'similar', pose: 'pose', distractors: 'clutter', both: 'both' };

/** Test photos in a row; arrow keys move along it. */
export function PhotoStrip({ photos, selectedId }: { photos: Photo[]; selectedId: string }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = photos[photos.findIndex(({ id }) => id === selectedId) + step];
    if (step === 0 || !next) return;
    event.preventDefault();
    selectPhoto(next);
    (event.currentTarget.querySelector(`[data-photo="${next.id}"]`) as HTMLElement | null)?.focus();
  };
  return (
    <ScrollArea type="auto" offsetScrollbars="x">
      <Group
        gap="xs"
        wrap="nowrap"
        role="listbox"
        aria-label="Photos to compare"
        onKeyDown={onKeyDown}
        pb={4}
      >
        {photos.map((photo) => (
          <Thumbnail
            key={photo.id}
            photo={photo}
            selected={photo.id === selectedId}
            guest={photo.subjectId !== photos[0]?.subjectId}
          />
        ))}
      </Group>
    </ScrollArea>
  );
}

function Thumbnail({ photo, selected, guest }: { photo: Photo; selected: boolean; guest: boolean }) {
  const url = usePhotoUrl(photo);
  return (
    <UnstyledButton
      className="strip-photo"
      role="option"
      aria-selected={selected}
      aria-label={photo.name}
      data-photo={photo.id}
      tabIndex={selected ? 0 : -1}
      onClick={() => selectPhoto(photo)}
    >
      {url && <img src={url} alt="" loading="lazy" />}
      {photo.isSubject === false && (
        <Badge size="xs" color="gray" variant="filled" className="strip-badge">
          {guest ? 'other subject' : 'sibling'}
        </Badge>
      )}
      {photo.shift && !guest && (
        <Badge size="xs" variant="filled" className="strip-badge">
          {SHIFTS[photo.shift] ?? photo.shift}
        </Badge>
      )}
    </UnstyledButton>
  );
}
