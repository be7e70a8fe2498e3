import { readDataset } from '../files/dataset/readDataset.ts';
import type { Dataset } from '../files/dataset/types.ts';
import { type LeftOut, tellLeftOut } from '../files/leftOut.ts';
import { parseJson } from '../files/text.ts';

/** A folder as a command lists it. */
export interface FolderSource {
  /** Of all its files, with `/`. */
  paths: string[];
  /** Texts of the JSON files that tell of its pictures, by path. */
  json: Record<string, string>;
  name: string;
  /** What could not be listed. */
  leftOut: LeftOut[];
}

/**
 * Read a folder for a command, as the page reads one that is chosen there.
 * @returns what it holds, and what is left out as sentences
 * @throws DatasetError when there is no photo to train on
 */
export function readFolderSource({ paths, json, name, leftOut }: FolderSource): {
  dataset: Dataset;
  told: string[];
} {
  const dataset = readDataset(paths, (path) => parseJson(json[path]!), name);
  return { dataset, told: tellLeftOut([...leftOut, ...dataset.leftOut]) };
}
