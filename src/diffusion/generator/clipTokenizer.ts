/** CLIP's special tokens. */
const START = '<|startoftext|>';
const END = '<|endoftext|>';

/**
 * A tokenizer.json for CLIP's byte-level BPE (Radford et al., arXiv 2103.00020) from the two files Stable Diffusion 1.5 ships
 * instead of one: lower case, words and numbers and signs apart, `</w>` at a word's end.
 * @param merges text of merges.txt: a version line, then one pair a line
 */
export function clipTokenizerJson(vocabulary: Record<string, number>, merges: string): object {
  const special = [START, END].map((content) => ({
    ...{ id: vocabulary[content], content, single_word: false, lstrip: false, rstrip: false },
    ...{ normalized: false, special: true },
  }));
  const token = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    version: '1.0',
    added_tokens: special,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          ...{ type: 'Split', behavior: 'Removed', invert: true },
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: 'TemplateProcessing',
      single: [token(START), { Sequence: { id: 'A', type_id: 0 } }, token(END)],
      pair: [token(START), { Sequence: { id: 'A', type_id: 0 } }, token(END)],
      special_tokens: Object.fromEntries(
        [START, END].map((id) => [id, { id, ids: [vocabulary[id]], tokens: [id] }]),
      ),
    },
    decoder: null,
    model: {
      type: 'BPE',
      ...{ dropout: null, unk_token: END, continuing_subword_prefix: '', end_of_word_suffix: '</w>' },
      fuse_unk: false,
      vocab: vocabulary,
      merges: merges
        .split('\n')
        .filter((line) => line && !line.startsWith('#version'))
        .map((line) => line.split(' ')),
    },
  };
}
