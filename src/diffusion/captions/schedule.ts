import { Philox } from '../../random/philox.ts';
import { balancedGrammarCaptions, type CaptionGrammar } from './grammar.ts';
import { fillSubject, SUBJECT_TOKEN, VANILLA_CAPTION } from './prompts.ts';
import { sceneCaptions } from './scenes.ts';

export { SUBJECT_TOKEN };

/** Where captions come from. */
export type CaptionSource = 'vanilla' | 'scenes' | 'grammar' | 'own';

/** What to ask a generator for. */
export interface CaptionRequest {
  source: CaptionSource;
  classWord: string;
  count: number;
  seed: number;
  /** Lines of the user's own list. */
  own?: string;
  grammar?: CaptionGrammar | undefined;
  /** Ask for the class instead of the subject: for negatives. */
  untuned?: boolean;
}

/** Prompts, and what was wrong with the user's own lines. */
export interface CaptionSchedule {
  prompts: string[];
  problems: string[];
}

/**
 * Prompts for `count` images: every caption equally often up to one, in an order shuffled by the seed (the paper makes
 * ⌈n/100⌉ images of each of its 100 captions). Captions of a list come in rounds, each in a new order, so that a job that
 * ends early is balanced too and a longer one begins with the shorter; the grammar's are balanced over the whole.
 */
export function scheduleCaptions(request: CaptionRequest): CaptionSchedule {
  const { seed, untuned = false } = request;
  const count = Math.max(0, request.count);
  const classWord = request.classWord.trim();
  const random = new Philox(seed).split('captions');
  const { captions, problems } = captionsOf({ ...request, classWord, count }, random);
  if (captions.length === 0) return { prompts: [], problems };
  const chosen: string[] = [];
  while (chosen.length < count) chosen.push(...random.shuffle([...captions]));
  const prompts = chosen.slice(0, count).map((caption) => fillSubject(caption, classWord, untuned));
  return { prompts, problems };
}

function captionsOf(request: CaptionRequest, random: Philox) {
  const { source, classWord, count, own = '', grammar } = request;
  switch (source) {
    case 'vanilla':
      return { captions: [VANILLA_CAPTION], problems: [] };
    case 'scenes':
      return { captions: sceneCaptions(classWord), problems: [] };
    case 'grammar':
      return grammar
        ? { captions: balancedGrammarCaptions(grammar, count, random), problems: [] }
        : {
            captions: [],
            problems: ['This generator does not say what its captions are made of. Choose another source.'],
          };
    case 'own':
      return ownCaptions(own, classWord);
  }
}

/** The user's lines; `<new1> dog`, `<new1>`, `{subject} dog` and `{subject}` all mean the subject. */
function ownCaptions(text: string, classWord: string) {
  const captions: string[] = [];
  const problems: string[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    const caption = line.trim();
    if (!caption) continue;
    const [start, ...rests] = caption.split(/<new1>|\{subject\}/i);
    if (rests.length === 0)
      problems.push(`Line ${i + 1} does not name the subject: write {subject} where it belongs.`);
    else captions.push([start, ...rests.map((rest) => withoutClass(rest, classWord))].join('{subject}'));
  }
  if (captions.length === 0) problems.push('Write one caption a line, with {subject} in each.');
  return { captions, problems };
}

/** What follows the token, less the class word where that comes next: ` dog in a boat` is ` in a boat`. */
function withoutClass(rest: string, classWord: string): string {
  const end = classWord.length + 1;
  const named = rest.slice(0, end).toLowerCase() === ` ${classWord.toLowerCase()}`;
  return named && !/^[\p{L}\p{N}]/u.test(rest.slice(end)) ? rest.slice(end) : rest;
}
