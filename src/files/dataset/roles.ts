/** What the pictures of a folder are for. */
export type FolderRole = 'train' | 'test' | 'test_dense' | 'negatives' | 'backgrounds';

const ROLES = new Map<string, FolderRole>([
  ['train', 'train'],
  ['training', 'train'],
  ['test', 'test'],
  ['testing', 'test'],
  ['test_dense', 'test_dense'],
  ['negative', 'negatives'],
  ['negatives', 'negatives'],
  ['background', 'backgrounds'],
  ['backgrounds', 'backgrounds'],
]);

/** What a folder's name says of the files below it; `test_masks` holds masks of test pictures. Undefined for other names. */
export function folderRole(name: string): { role: FolderRole; isMask: boolean } | undefined {
  const lower = name.toLowerCase();
  const base = lower.replace(/[-_ ]masks?$/, '');
  const role = ROLES.get(base);
  return role && { role, isMask: base !== lower };
}
