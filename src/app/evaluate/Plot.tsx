import { useEffect, useRef, useState } from 'react';

/** Widest that a plot is drawn, in pixels. */
const WIDEST = 720;

/** A plot made by `draw` at the width there is; its text takes the page's colour. */
export function Plot({
  label,
  draw,
}: {
  label: string;
  draw: (width: number) => SVGSVGElement | HTMLElement;
}) {
  const container = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.min(element.clientWidth, WIDEST)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = container.current;
    if (!element || width === 0) return;
    const plot = draw(width);
    element.replaceChildren(plot);
    return () => plot.remove();
  }, [draw, width]);
  return <figure ref={container} aria-label={label} style={{ margin: 0, minHeight: 240, minWidth: 0 }} />;
}
