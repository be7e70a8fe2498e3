import { useEffect, useRef } from 'react';
import type { Pixels } from '../images/types.ts';

/** A picture that is only in memory. */
export function PixelsCanvas({
  pixels,
  label,
  className,
}: {
  pixels: Pixels;
  label: string;
  className: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current
      ?.getContext('2d')
      ?.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      width={pixels.width}
      height={pixels.height}
      className={className}
      role="img"
      aria-label={label}
    />
  );
}
