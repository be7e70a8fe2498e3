/** Endings of files that are known to be no pictures. */
const OTHERS = new Set([
  ...'txt md json jsonl csv tsv xml yaml yml toml ini log html htm'.split(' '),
  ...'mov mp4 m4v avi mkv webm 3gp mts mpg mpeg wmv flv mp3 wav m4a'.split(' '),
  ...'aae xmp thm lrv db sqlite dat bin npy npz pkl mat h5 hdf5 pt'.split(' '),
  ...'pth safetensors onnx ckpt zip tar gz tgz bz2 xz 7z rar py ipynb'.split(' '),
  ...'js ts sh bat exe dll so pdf doc docx xls xlsx ppt pptx tex'.split(' '),
  ...'url lnk webloc tmp part crdownload bak lock mtl obj ply stl glb'.split(' '),
  ...'jgz lrcat lrprev lrtemplate cos cop on1 dop pp3 ctg nomedia vcf ics'.split(' '),
  ...'opus ogg aac amr flac insv m2ts vob srt gpx kml parquet arrow tfrecord'.split(' '),
]);

/**
 * Whether a file may be a picture, by its ending. What an ending does not rule out is asked of the content when the file is
 * read: photos come as `.jfif`, `.JPG_large` and without any ending, and formats that are not read are named with a remedy.
 */
export function mayBePicture(fileName: string): boolean {
  const ending = /[^.]\.([^.]+)$/.exec(fileName)?.[1];
  return ending === undefined || !OTHERS.has(ending.toLowerCase());
}

const ENDING = /(?<=.)\.(jpe?g|jpe|jfif|png|webp|avif|hei[cf]|gif|bmp|tiff?)$/i;

/** Whether a file is called like a picture. */
export function isCalledPicture(fileName: string): boolean {
  return ENDING.test(fileName);
}

/** A name without a picture's ending; others stay. */
export function withoutPictureEnding(fileName: string): string {
  return fileName.replace(ENDING, '');
}
