import { Tokenizer } from '@huggingface/tokenizers';
import { SUBJECT_TOKEN } from '../captions/prompts.ts';
import { clipTokenizerJson } from './clipTokenizer.ts';
import { type GeneratorFiles, readBytes, readJson } from './files.ts';
import { GENERATOR_FILES } from './layoutNames.ts';

/** Turns prompts into the ids a text encoder takes. */
export class PromptTokenizer {
  /** Ids of every prompt. */
  readonly length: number;
  readonly #tokenizer: Tokenizer;
  readonly #json: object;
  readonly #config: Record<string, unknown>;
  #withSubject: { tokenizer: Tokenizer; id: number } | undefined;
  readonly #pad: number;
  readonly #end: number;
  readonly #unknown: number | undefined;

  /** @param config tokenizer_config.json */
  constructor(tokenizer: object, config: Record<string, unknown>) {
    this.#tokenizer = new Tokenizer(tokenizer, config);
    this.#json = tokenizer;
    this.#config = config;
    const id = (field: string): number | undefined => {
      const value = config[field];
      const token = typeof value === 'string' ? value : (value as { content?: string } | undefined)?.content;
      return token === undefined ? undefined : this.#tokenizer.token_to_id(token);
    };
    this.length = typeof config.model_max_length === 'number' ? Math.min(config.model_max_length, 77) : 77;
    this.#end = id('eos_token') ?? 0;
    this.#pad = id('pad_token') ?? this.#end;
    this.#unknown = id('unk_token');
  }

  /** Ids of a prompt with its start and end, cut or padded to `length`. */
  encode(prompt: string): number[] {
    return this.#fitted([...this.#tokenizer.encode(prompt).ids]);
  }

  /**
   * Ids of a prompt in which the subject's token is one id: the tokenizer's own, or where it has none one beyond its
   * vocabulary, which only a text encoder with a learned embedding takes.
   * @returns ids as `encode` gives them, and the subject's
   */
  encodeSubject(prompt: string): { ids: number[]; subject: number } {
    this.#withSubject ??= this.#knowSubject();
    const { tokenizer, id } = this.#withSubject;
    return { ids: this.#fitted([...tokenizer.encode(prompt).ids]), subject: id };
  }

  /** First id of a word. */
  firstId(word: string): number {
    return this.#tokenizer.encode(word, { add_special_tokens: false }).ids[0] ?? this.#end;
  }

  #knowSubject(): { tokenizer: Tokenizer; id: number } {
    const known = this.#tokenizer.token_to_id(SUBJECT_TOKEN);
    if (known !== undefined) return { tokenizer: this.#tokenizer, id: known };
    const json = this.#json as {
      model?: { vocab?: Record<string, number> };
      added_tokens?: { id: number }[];
    };
    const added = json.added_tokens ?? [];
    const ids = [...Object.values(json.model?.vocab ?? {}), ...added.map((token) => token.id)];
    const id = ids.reduce((most, each) => Math.max(most, each), -1) + 1;
    const token = {
      ...{ id, content: SUBJECT_TOKEN, single_word: false, lstrip: false, rstrip: false },
      ...{ normalized: false, special: false },
    };
    return { tokenizer: new Tokenizer({ ...json, added_tokens: [...added, token] }, this.#config), id };
  }

  #fitted(ids: number[]): number[] {
    if (ids.length > this.length) {
      ids.length = this.length;
      ids[this.length - 1] = this.#end;
    }
    while (ids.length < this.length) ids.push(this.#pad);
    return ids;
  }

  /** Words of a prompt that this tokenizer does not know; a tokenizer of word parts knows all. */
  unknownWords(prompt: string): string[] {
    const unknown = this.#unknown;
    // CLIP's end token stands for unknown ones too, but its word parts leave none unknown.
    if (unknown === undefined || unknown === this.#end) return [];
    const words = prompt.split(/[\s,]+/).filter(Boolean);
    return [
      ...new Set(
        words.filter((word) =>
          this.#tokenizer.encode(word, { add_special_tokens: false }).ids.includes(unknown),
        ),
      ),
    ];
  }

  /** Whether a prompt is longer than the text encoder takes. */
  isCut(prompt: string): boolean {
    return this.#tokenizer.encode(prompt).ids.length > this.length;
  }
}

/** The tokenizer of a generator's folder: tokenizer.json, or CLIP's vocab.json and merges.txt. */
export async function loadTokenizer(files: GeneratorFiles): Promise<PromptTokenizer> {
  const config = (await readJson(files, GENERATOR_FILES.tokenizerConfig)) as Record<string, unknown>;
  if (await files.has(GENERATOR_FILES.tokenizer)) {
    return new PromptTokenizer((await readJson(files, GENERATOR_FILES.tokenizer)) as object, config);
  }
  const vocabulary = (await readJson(files, GENERATOR_FILES.vocabulary)) as Record<string, number>;
  const merges = new TextDecoder().decode(await readBytes(files, GENERATOR_FILES.merges));
  return new PromptTokenizer(clipTokenizerJson(vocabulary, merges), config);
}
