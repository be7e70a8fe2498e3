import type { PhotoType, Subject } from '../types.ts';

const EXTENSIONS: Record<PhotoType, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
};

/** A text as part of a file name that every system takes: ASCII letters, digits and hyphens, at most 40. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '');
  const slugged = plain.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  return slugged.replace(/^-+|-+$/g, '') || 'unnamed';
}

/** Name of the file that a subject is exported to. */
export function exportFileName({ name }: Pick<Subject, 'name'>): string {
  return `familiar-${slug(name).toLowerCase()}.zip`;
}

/** "03-IMG-1234": number and name, so that files sort in order and say what they are. */
export function numbered(index: number, total: number, name: string): string {
  const digits = Math.max(2, String(total).length);
  return `${String(index + 1).padStart(digits, '0')}-${slug(name.replace(/\.[^.]*$/, ''))}`;
}

export function extensionOf(type: PhotoType): string {
  return EXTENSIONS[type];
}
