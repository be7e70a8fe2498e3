import { cosine } from '../../dense/vectors.ts';
import { ndcg } from '../metrics/ndcg.ts';
import { reciprocalRank, topKHit } from '../metrics/retrieval.ts';
import type { RetrievalRecord } from './records.ts';

/** A training photo that queries are ranked against. */
export interface GalleryEntry {
  subject: string;
  /** Class token. */
  embedding: Float32Array;
}

/** A hit is a photo of the subject among so many (method §3.3). */
const TOP = 10;

/**
 * Rank the training photos of all subjects by cosine to a test picture (method §3.3).
 * @returns null when the gallery shows no other subject (every ranking would be perfect), or not this one
 */
export function rankGallery(
  embedding: Float32Array,
  gallery: readonly GalleryEntry[],
  subject: string,
): RetrievalRecord | null {
  const relevance = gallery.map((entry) => Number(entry.subject === subject));
  if (relevance.every((value) => value === 1) || relevance.every((value) => value === 0)) return null;
  const scores = gallery.map((entry) => cosine(embedding, entry.embedding));
  return {
    ndcg: ndcg(scores, relevance)!,
    reciprocalRank: reciprocalRank(scores, relevance)!,
    top10: topKHit(scores, relevance, TOP)!,
  };
}
