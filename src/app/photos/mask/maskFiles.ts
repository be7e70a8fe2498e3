/** What a file dialog offers for a mask: every picture; systems that do not know a HEIC to be one go by its ending. */
export const MASK_FILES = 'image/*,.heic,.heif,.avif,.jfif';
