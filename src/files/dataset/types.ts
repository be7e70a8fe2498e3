import type { LeftOut } from '../leftOut.ts';

/** A picture of a data set; paths are inside its folder. */
export interface DatasetPicture {
  path: string;
  /** Path of its mask; null without one. */
  mask: string | null;
  /** How it differs from the training photos; null where the data set does not say. */
  shift: string | null;
}

/** One instance. */
export interface DatasetSubject {
  name: string;
  /** What it is, in a word or two: `dog`. */
  className: string;
  /** Which part of the data set it belongs to (PODS: `val` or `test`); null where there are no parts. */
  part: string | null;
  train: DatasetPicture[];
  test: DatasetPicture[];
  /** Pictures of the dense tasks where they are others than the test pictures; null where they are the same. */
  testDense: DatasetPicture[] | null;
}

/**
 * What a folder of pictures holds: a data set in the reference layout (method §2.5), PODS as published, Toybox, DAVIS, VOC, or
 * plain folders of photos.
 */
export interface Dataset {
  name: string;
  /** Whether its folders say `train/{subject}/`; else it holds plain photos, or the folders of subjects. */
  isReference: boolean;
  subjects: DatasetSubject[];
  /** Pictures of other things of a kind by class word; those without a class under the empty word. */
  negatives: Record<string, string[]>;
  backgrounds: string[];
  /** What is missing or does not fit, each said once. */
  notes: string[];
  /** Files that are not taken. */
  leftOut: LeftOut[];
}

/** A folder that is no data set; the message says what it must hold. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
