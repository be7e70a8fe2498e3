import { useCallback, useEffect, useRef, useState } from 'react';
import type { MaskClick } from '../../../engine/protocol.ts';
import type { Mask } from '../../../images/types.ts';
import type { MaskSource, Photo } from '../../../library/types.ts';
import { theEngine } from '../../store/engine.ts';
import { enginePhoto, theLibrary } from '../../store/library.ts';
import { saveMask } from '../../store/photos.ts';
import { copyMask, emptyMask, type Point, paintStroke } from './brush.ts';
import { type History, pushHistory, redo, startHistory, undo } from './history.ts';

/** What the pointer does. */
export type MaskTool = 'click' | 'brush' | 'eraser';

/** A state of the editor that can be returned to. */
interface MaskState {
  mask: Mask;
  clicks: readonly MaskClick[];
  source: MaskSource;
}

/** Editing of one photo's mask. */
export interface MaskEditor {
  mask: Mask | null;
  clicks: readonly MaskClick[];
  proposing: boolean;
  error: string | null;
  changed: boolean;
  canUndo: boolean;
  canRedo: boolean;
  undo(): void;
  redo(): void;
  clear(): void;
  invert(): void;
  /** Add a click and ask for a proposal. */
  click(point: Point, positive: boolean): void;
  /** Begin a stroke; `stroke` goes on with it, `endStroke` makes it one step of the history. */
  beginStroke(point: Point, radius: number, tool: 'brush' | 'eraser'): void;
  stroke(point: Point): void;
  endStroke(): void;
  replace(mask: Mask, source: MaskSource): void;
  save(): Promise<void>;
}

/** State and actions of the mask editor for a photo. */
export function useMaskEditor(photo: Photo): MaskEditor {
  const [history, setHistory] = useState<History<MaskState> | null>(null);
  const [saved, setSaved] = useState<Mask | null>(null);
  const [proposing, setProposing] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [painting, setPainting] = useState<Mask | null>(null);
  const live = useRef<{ mask: Mask; last: Point; radius: number; value: 0 | 255 } | null>(null);
  const asked = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another photo starts another history
  useEffect(() => {
    let gone = false;
    theLibrary()
      .masks.get(photo)
      .then((stored) => {
        if (gone) return;
        const mask = stored ?? emptyMask(photo.width, photo.height);
        setSaved(mask);
        setHistory(startHistory<MaskState>({ mask, clicks: [], source: 'edited' }));
      })
      .catch((reason: Error) => setError(reason.message));
    return () => {
      gone = true;
      asked.current++;
    };
  }, [photo.id]);

  const push = useCallback((state: MaskState) => {
    setHistory((before) => (before ? pushHistory(before, state) : before));
  }, []);

  const click = (point: Point, positive: boolean) => {
    if (!history) return;
    const clicks = [...history.present.clicks, { x: point.x, y: point.y, positive }];
    const number = ++asked.current;
    setProposing(true);
    setError(null);
    push({ ...history.present, clicks });
    const propose = async (): Promise<void> => {
      try {
        const mask = await theEngine().proposeMask(await enginePhoto(photo), clicks);
        // A later click asked anew: only its answer counts.
        if (number !== asked.current) return;
        setHistory((before) =>
          before ? { ...before, present: { mask, clicks, source: 'proposed' }, future: [] } : before,
        );
      } catch (reason) {
        if (number === asked.current) setError((reason as Error).message);
      } finally {
        if (number === asked.current) setProposing(false);
      }
    };
    void propose();
  };

  const present = history?.present ?? null;
  return {
    mask: painting ?? present?.mask ?? null,
    clicks: present?.clicks ?? [],
    proposing,
    error,
    changed: present !== null && present.mask !== saved,
    canUndo: (history?.past.length ?? 0) > 0,
    canRedo: (history?.future.length ?? 0) > 0,
    undo: () => setHistory((before) => before && undo(before)),
    redo: () => setHistory((before) => before && redo(before)),
    clear: () => push({ mask: emptyMask(photo.width, photo.height), clicks: [], source: 'edited' }),
    invert: () => {
      if (!present) return;
      const mask = copyMask(present.mask);
      for (let i = 0; i < mask.data.length; i++) mask.data[i] = mask.data[i]! > 0 ? 0 : 255;
      push({ mask, clicks: [], source: 'edited' });
    },
    click,
    beginStroke: (point, radius, tool) => {
      if (!present) return;
      asked.current++;
      setProposing(false);
      const mask = copyMask(present.mask);
      const value = tool === 'brush' ? 255 : 0;
      paintStroke(mask, point, point, radius, value);
      live.current = { mask, last: point, radius, value };
      setPainting({ ...mask });
    },
    stroke: (point) => {
      const current = live.current;
      if (!current) return;
      paintStroke(current.mask, current.last, point, current.radius, current.value);
      current.last = point;
      setPainting({ ...current.mask });
    },
    endStroke: () => {
      if (live.current) push({ mask: live.current.mask, clicks: [], source: 'edited' });
      live.current = null;
      setPainting(null);
    },
    replace: (mask, source) => push({ mask, clicks: [], source }),
    save: async () => {
      if (!present) return;
      await saveMask(photo, present.mask, present.source);
      setSaved(present.mask);
    },
  };
}
