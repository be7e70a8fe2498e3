/**
 * Pictures of a paste event, as files. Browsers name every pasted bitmap "image.png", so those are numbered.
 * @param first number of the first one
 */
export function filesFromClipboard(data: DataTransfer | null, first = 1): File[] {
  const files: File[] = [];
  let number = first;
  for (const item of data?.items ?? []) {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (!file) continue;
    const anonymous = /^image\.\w+$/.test(file.name);
    files.push(
      anonymous ? new File([file], `Pasted ${number++}.${file.name.slice(6)}`, { type: file.type }) : file,
    );
  }
  return files;
}
