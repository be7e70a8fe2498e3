import { ActionIcon, Badge, Menu, Text, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDots, IconMask, IconPlus, IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { Photo, PhotoRole } from '../../library/types.ts';
import { useLibrary } from '../hooks.ts';
import { notifyError } from '../notify.ts';
import { moveTo, photosStore, removePhoto } from '../store/photos.ts';
import { UndoButton } from '../UndoButton.tsx';
import { usePhotoUrl } from '../usePhotoUrl.ts';
import { useMaskUrl } from './useMaskUrl.ts';

/** Roles a photo can be moved between. */
const ROLE_NAMES: Record<Exclude<PhotoRole, 'generated'>, string> = {
  train: 'training photos',
  test: 'test photos',
  negative: 'negatives',
  background: 'backgrounds',
};

/** Thumbnails with their masks; arrows move, Enter edits the mask, Delete removes. */
export function PhotoGrid({ photos, onAdd }: { photos: Photo[]; onAdd: () => void }) {
  const keys = (event: KeyboardEvent<HTMLUListElement>) => {
    const tile = (event.target as HTMLElement).closest('[data-photo]');
    if (!tile || event.target !== tile) return;
    const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-photo]')];
    const index = tiles.indexOf(tile as HTMLElement);
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      tiles[index + step]?.focus();
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      remove(photos[index]!);
      (tiles[index + 1] ?? tiles[index - 1])?.focus();
    }
  };
  return (
    <ul className="photo-grid" onKeyDown={keys} aria-label="Photos">
      {photos.map((photo) => (
        <Tile key={photo.id} photo={photo} />
      ))}
      <li>
        <UnstyledButton className="photo-tile photo-add" onClick={onAdd} aria-label="Add photos">
          <IconPlus size={28} />
          <Text size="sm">Add</Text>
        </UnstyledButton>
      </li>
    </ul>
  );
}

function Tile({ photo }: { photo: Photo }) {
  const url = usePhotoUrl(photo);
  const version = useLibrary((state) => state.maskVersion[photo.id]);
  const mask = useMaskUrl(photo, version);
  return (
    <li className="photo-cell">
      <UnstyledButton
        className="photo-tile"
        data-photo={photo.id}
        aria-label={`${photo.name}${version === undefined ? ', no mask' : ', masked'}. Edit its mask`}
        onClick={() => photosStore.setState({ editing: photo.id })}
      >
        {url && <img src={url} alt="" loading="lazy" />}
        {mask && <img src={mask} alt="" className="photo-mask" />}
      </UnstyledButton>
      {version === undefined && photo.role === 'train' && (
        <Badge size="xs" color="amber" variant="filled" className="photo-badge">
          no mask
        </Badge>
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            size="sm"
            variant="filled"
            color="dark"
            className="photo-menu"
            aria-label={`Menu of ${photo.name}`}
          >
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{photo.name}</Menu.Label>
          <Menu.Item
            leftSection={<IconMask size={16} />}
            onClick={() => photosStore.setState({ editing: photo.id })}
          >
            Edit mask
          </Menu.Item>
          {(Object.keys(ROLE_NAMES) as (keyof typeof ROLE_NAMES)[])
            .filter((role) => role !== photo.role)
            .map((role) => (
              <Menu.Item
                key={role}
                onClick={() => moveTo(photo, role).catch((error) => notifyError('Moving the photo', error))}
              >
                Move to {ROLE_NAMES[role]}
              </Menu.Item>
            ))}
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => remove(photo)}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function remove(photo: Photo): void {
  const id = `photo-${photo.id}`;
  removePhoto(photo)
    .then((putBack) => {
      notifications.show({
        id,
        title: `${photo.name} is removed`,
        message: (
          <UndoButton
            onUndo={async () => {
              notifications.hide(id);
              await putBack();
            }}
          />
        ),
        autoClose: 10_000,
      });
    })
    .catch((error) => notifyError('The photo could not be removed', error));
}
