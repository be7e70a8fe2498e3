import { useStore } from 'zustand';
import { type EngineState, engineStore } from './store/engine.ts';
import { type LibraryState, libraryStore } from './store/library.ts';

/** A part of the library's state; re-renders when that part changes. */
export function useLibrary<T>(select: (state: LibraryState) => T): T {
  return useStore(libraryStore, select);
}

/** A part of the engine's state. */
export function useEngine<T>(select: (state: EngineState) => T): T {
  return useStore(engineStore, select);
}
