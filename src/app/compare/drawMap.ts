import { applyColormap } from '../../dense/colormap.ts';
import type { Mask } from '../../images/types.ts';

/** What to draw over a photo. */
export interface MapDrawing {
  values: Float32Array;
  columns: number;
  rows: number;
  low: number;
  high: number;
  diverging: boolean;
  /** 0 shows the photo alone, 1 the map alone. */
  opacity: number;
  mask: Mask | null;
  /** [x, y, width, height] in photo pixels. */
  box: readonly [number, number, number, number] | null;
  /** Patch to frame, row-major. */
  patch: number | null;
}

/** Draw a photo with its map on a canvas of the photo's proportions. */
export function drawMap(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  photo: CanvasImageSource & { width: number; height: number },
  drawing: MapDrawing,
): void {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | null;
  if (!context) return;
  const { width, height } = canvas;
  context.globalAlpha = 1;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(photo, 0, 0, width, height);
  context.globalAlpha = drawing.opacity;
  context.drawImage(mapCanvas(drawing), 0, 0, width, height);
  context.globalAlpha = 1;
  if (drawing.mask) drawOutline(context, drawing.mask, width, height);
  if (drawing.box) drawBox(context, drawing.box, width / photo.width, height / photo.height);
  if (drawing.patch !== null) framePatch(context, drawing, width, height);
}

/** The map's colours, one pixel a patch. */
export function mapCanvas({ values, columns, rows, low, high, diverging }: MapDrawing): OffscreenCanvas {
  const canvas = new OffscreenCanvas(columns, rows);
  const colors = applyColormap(values, low, high, diverging ? 'diverging' : 'sequential');
  canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(colors), columns, rows), 0, 0);
  return canvas;
}

/** The mask's edge in white on black, so that it shows on any colour. */
function drawOutline(context: CanvasRenderingContext2D, mask: Mask, width: number, height: number): void {
  const edge = new ImageData(mask.width, mask.height);
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < mask.width && y < mask.height && mask.data[y * mask.width + x]! > 0;
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const here = inside(x, y);
      const differs = [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ].some(([dx, dy]) => inside(x + dx!, y + dy!) !== here);
      if (!differs) continue;
      const level = here ? 255 : 0;
      edge.data.set([level, level, level, here ? 255 : 170], (y * mask.width + x) * 4);
    }
  }
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  canvas.getContext('2d')!.putImageData(edge, 0, 0);
  context.drawImage(canvas, 0, 0, width, height);
}

function drawBox(
  context: CanvasRenderingContext2D,
  [x, y, w, h]: readonly [number, number, number, number],
  scaleX: number,
  scaleY: number,
): void {
  for (const [color, line] of [
    ['#000000', 5],
    ['#ffffff', 2.5],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.strokeRect(x * scaleX, y * scaleY, w * scaleX, h * scaleY);
  }
}

function framePatch(
  context: CanvasRenderingContext2D,
  { patch, columns, rows }: MapDrawing,
  width: number,
  height: number,
): void {
  const w = width / columns;
  const h = height / rows;
  const x = (patch! % columns) * w;
  const y = Math.floor(patch! / columns) * h;
  for (const [color, line] of [
    ['#000000', 5],
    ['#ffd166', 2.5],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.strokeRect(x, y, w, h);
  }
}
