import { EMBEDDED_ID, encoderDigestOf, isLocalEncoderId } from '../weights/encoderId.ts';
import { formatModelId, parseModelId } from '../weights/hub/modelId.ts';

/**
 * Whether an adapter was made for an encoder: `same`; `unnamed` when the adapter does not say which one in a way that
 * holds beyond the machine it comes from; `other` when it names another.
 */
export type AdapterFit = 'same' | 'unnamed' | 'other';

/**
 * Compare the base model that an adapter names with an encoder.
 *
 * Encoders from files are compared by the digest of their content, whatever their names. Ids of the hub are compared
 * without regard to case, as the hub does, and `main` is the revision where none is given. Local paths, words that are
 * no id of the hub, and ids from before there were digests name no encoder.
 * @param base `base_model_name_or_path`, or the id an adapter is kept under
 * @param encoderId as `EncoderInfo` has it
 */
export function adapterFit(base: string | null | undefined, encoderId: string): AdapterFit {
  const named = base?.trim() ?? '';
  if (isLocalEncoderId(named)) {
    const digest = encoderDigestOf(named);
    if (digest === undefined) return 'unnamed';
    return digest === encoderDigestOf(encoderId) ? 'same' : 'other';
  }
  if (named === EMBEDDED_ID) return encoderId === EMBEDDED_ID ? 'same' : 'other';
  const hub = hubId(named);
  if (hub === undefined) return 'unnamed';
  return hub === hubId(encoderId) ? 'same' : 'other';
}

/** An id of the hub in the form in which it is compared; undefined for what is none. */
function hubId(text: string): string | undefined {
  const id = text.replace(
    /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/([^?#]*?)\/?(?:[?#].*)?$/i,
    '$1',
  );
  try {
    const { repository, revision } = parseModelId(id.replace(/\/tree\/(.+)$/, '@$1'));
    return formatModelId({ repository: repository.toLowerCase(), revision });
  } catch {
    return undefined;
  }
}
