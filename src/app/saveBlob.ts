/** Hand a file to the browser's downloads. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has the bytes once it began; a little later the address is not needed any more.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
