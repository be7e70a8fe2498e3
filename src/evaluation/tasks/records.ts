/** What one set of weights says of one test picture, asked about one subject. */
export interface PictureRecord {
  /** Names the picture in its data set. */
  image: string;
  /** Whose picture it is. */
  owner: string;
  /** How the picture differs from the training photos (PODS, Toybox); null where the data set does not say. */
  shift: string | null;
  /** Whether it is in the image tasks; PODS has pictures for the dense tasks alone. */
  global: boolean;
  /** Largest cosine of its class token to those of the subject's training photos (method §3.2). */
  score: number;
  /** How the training photos of all subjects rank for it; null for pictures of others and where there is no gallery. */
  retrieval: RetrievalRecord | null;
  /** What the map found; null where the picture is not in the dense part. */
  dense: DenseRecord | null;
}

/** One query of method §3.3. */
export interface RetrievalRecord {
  ndcg: number;
  reciprocalRank: number;
  /** Is a photo of the subject among the ten best? */
  top10: boolean;
}

/** The one prediction of a map in one picture. */
export interface DenseRecord {
  /** Confidence of method §3.4; null when nothing was found. */
  confidence: number | null;
  boxArea: number;
  maskArea: number;
  /** How well it fits; null for pictures of others. */
  truth: DenseTruth | null;
}

/** A prediction against the picture's mask. */
export interface DenseTruth {
  /** Pixels of the true mask, and of its box. */
  maskArea: number;
  boxArea: number;
  /** Intersection over union; 0 when nothing was found. */
  boxIou: number;
  maskIou: number;
  /** Average precision of the raw map over patches; null when no patch is mostly object. */
  patchAp: number | null;
}
