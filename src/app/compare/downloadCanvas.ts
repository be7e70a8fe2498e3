import { saveBlob } from '../saveBlob.ts';

/** Save what a canvas shows as a PNG. */
export async function downloadCanvas(canvas: HTMLCanvasElement | null, fileName: string): Promise<void> {
  if (!canvas) return;
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) saveBlob(blob, fileName);
}
