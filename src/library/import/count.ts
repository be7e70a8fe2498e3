/** Fewest training photos that a subject is learnt from. */
export const MIN_PHOTOS = 3;
/** Most training photos of a subject. */
export const MAX_PHOTOS = 100;

export interface PhotoCountStatus {
  state: 'too-few' | 'ok' | 'too-many';
  /** What to do, for the user to read; undefined when all is well. */
  message?: string;
  /** How many more photos may be added. */
  room: number;
}

/** Whether a number of training photos is one to train with. */
export function photoCountStatus(count: number): PhotoCountStatus {
  const room = Math.max(0, MAX_PHOTOS - count);
  if (count < MIN_PHOTOS) {
    const missing = MIN_PHOTOS - count;
    return {
      state: 'too-few',
      room,
      message: `Add ${missing} more ${missing === 1 ? 'photo' : 'photos'}: at least ${MIN_PHOTOS} are needed.`,
    };
  }
  if (count > MAX_PHOTOS) {
    return {
      state: 'too-many',
      room,
      message: `Remove ${count - MAX_PHOTOS}: at most ${MAX_PHOTOS} photos are used.`,
    };
  }
  return { state: 'ok', room };
}
