/** A file name without its extension. */
export function stemOf(fileName: string): string {
  return fileName.replace(/\.[^.]*$/, '');
}

/** What a mask's file shares with its photo's: the name without extension and without "_mask". */
export function maskStem(fileName: string): string {
  return stemOf(fileName).replace(/_mask$/i, '');
}
