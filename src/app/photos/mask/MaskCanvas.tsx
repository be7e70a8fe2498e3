import { type PointerEvent, useEffect, useRef, useState, type WheelEvent } from 'react';
import type { Photo } from '../../../library/types.ts';
import { usePhotoBitmap } from '../../compare/usePhotoBitmap.ts';
import type { Point } from './brush.ts';
import { maskOverlay } from './outline.ts';
import type { MaskEditor, MaskTool } from './useMaskEditor.ts';

/** Largest zoom. */
const MAX_ZOOM = 8;

/** The photo with its mask; the pointer clicks, paints and erases, the wheel and two fingers zoom. */
export function MaskCanvas({
  photo,
  editor,
  tool,
  negative,
  radius,
}: {
  photo: Photo;
  editor: MaskEditor;
  tool: MaskTool;
  /** Clicks say “not this”. */
  negative: boolean;
  /** Brush radius in photo pixels. */
  radius: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bitmap = usePhotoBitmap(photo);
  const [zoom, setZoom] = useState(1);
  const [origin, setOrigin] = useState<Point>({ x: 0.5, y: 0.5 });
  const [pointer, setPointer] = useState<Point | null>(null);
  const fingers = useRef(new Map<number, Point>());
  const pinch = useRef<{ distance: number; zoom: number } | null>(null);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !bitmap) return;
    context.clearRect(0, 0, photo.width, photo.height);
    context.drawImage(bitmap, 0, 0, photo.width, photo.height);
    if (editor.mask) {
      const layer = new OffscreenCanvas(photo.width, photo.height);
      layer.getContext('2d')!.putImageData(maskOverlay(editor.mask), 0, 0);
      context.drawImage(layer, 0, 0);
    }
    const unit = Math.max(photo.width, photo.height) / 90;
    for (const { x, y, positive } of editor.clicks) {
      context.beginPath();
      context.arc(x, y, unit, 0, 2 * Math.PI);
      context.fillStyle = positive ? '#2b9d8f' : '#d64545';
      context.fill();
      context.lineWidth = unit / 3;
      context.strokeStyle = '#ffffff';
      context.stroke();
    }
    if (pointer && tool !== 'click') {
      context.beginPath();
      context.arc(pointer.x, pointer.y, radius, 0, 2 * Math.PI);
      context.lineWidth = unit / 4;
      context.strokeStyle = tool === 'brush' ? '#ffffff' : '#ff6b6b';
      context.stroke();
    }
  }, [bitmap, editor.mask, editor.clicks, photo, pointer, radius, tool]);

  const place = (event: PointerEvent<HTMLCanvasElement>): Point => {
    const area = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - area.left) / area.width) * photo.width,
      y: ((event.clientY - area.top) / area.height) * photo.height,
    };
  };

  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.current.size === 2) {
      editor.endStroke();
      pinch.current = { distance: spread(fingers.current), zoom };
      return;
    }
    const point = place(event);
    if (tool === 'click') editor.click(point, !(negative || event.altKey || event.button === 2));
    else editor.beginStroke(point, radius, tool);
  };

  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    setPointer(place(event));
    if (!fingers.current.has(event.pointerId)) return;
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pinch.current && fingers.current.size === 2) {
      const factor = spread(fingers.current) / pinch.current.distance;
      setZoom(Math.max(1, Math.min(MAX_ZOOM, pinch.current.zoom * factor)));
    } else if (tool !== 'click') editor.stroke(place(event));
  };

  const up = (event: PointerEvent<HTMLCanvasElement>) => {
    fingers.current.delete(event.pointerId);
    if (fingers.current.size < 2) pinch.current = null;
    editor.endStroke();
  };

  const wheel = (event: WheelEvent<HTMLDivElement>) => {
    const area = event.currentTarget.getBoundingClientRect();
    if (zoom === 1) {
      setOrigin({ x: (event.clientX - area.left) / area.width, y: (event.clientY - area.top) / area.height });
    }
    setZoom((before) => Math.max(1, Math.min(MAX_ZOOM, before * (event.deltaY < 0 ? 1.15 : 1 / 1.15))));
  };

  return (
    <div className="mask-frame" onWheel={wheel} style={{ aspectRatio: `${photo.width} / ${photo.height}` }}>
      <canvas
        ref={canvas}
        width={photo.width}
        height={photo.height}
        role="img"
        aria-label={`${photo.name} with its mask`}
        data-testid="mask-canvas"
        className="mask-canvas"
        style={{
          transform: `scale(${zoom})`,
          transformOrigin: `${origin.x * 100}% ${origin.y * 100}%`,
          cursor: tool === 'click' ? 'crosshair' : 'none',
        }}
        onContextMenu={(event) => event.preventDefault()}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onPointerLeave={() => setPointer(null)}
      />
    </div>
  );
}

function spread(points: Map<number, Point>): number {
  const [a, b] = [...points.values()];
  return a && b ? Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) : 1;
}
