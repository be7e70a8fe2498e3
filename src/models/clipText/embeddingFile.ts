import { parseSafetensors } from '../weights/safetensors/parse.ts';
import { writeSafetensors } from '../weights/safetensors/write.ts';

/** Name of the file as diffusers' `pipeline.load_textual_inversion` looks for it. */
export const TOKEN_EMBEDDING_FILE = 'learned_embeds.safetensors';

/** A file that is no learned embedding, or one of another text encoder. */
export class TokenEmbeddingFileError extends Error {
  override readonly name = 'TokenEmbeddingFileError';
}

/** The learned embedding [hidden] of a token, under the token's name. */
export function exportTokenEmbedding(token: string, embedding: Float32Array): Uint8Array<ArrayBuffer> {
  return writeSafetensors({ [token]: { shape: [embedding.length], values: embedding } });
}

/**
 * Read a learned embedding of one vector, whatever token it is of.
 * @throws TokenEmbeddingFileError, SafetensorsError
 */
export function importTokenEmbedding(bytes: Uint8Array, fileName: string): Float32Array {
  const tensors = [...parseSafetensors(bytes, fileName).values()];
  const [first] = tensors;
  const vectors = first && first.shape.length > 1 ? first.shape[0] : 1;
  if (tensors.length !== 1 || !first || first.shape.length > 2 || vectors !== 1) {
    throw new TokenEmbeddingFileError(`${fileName} is not the embedding of one token in one vector.`);
  }
  if (!first.values.every(Number.isFinite)) {
    throw new TokenEmbeddingFileError(
      `${fileName} has NaN or an infinite number in it, which would turn every picture black. Choose an earlier checkpoint of it.`,
    );
  }
  return first.values;
}
