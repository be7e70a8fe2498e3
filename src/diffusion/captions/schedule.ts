import { Philox } from '../../random/philox.ts';
import { type CaptionGrammar, grammarCaptions } from './grammar.ts';
import { sceneCaptions } from './scenes.ts';

/** Where captions come from. */
export type CaptionSource = 'vanilla' | 'scenes' | 'grammar' | 'own';

/** The token that stands for the subject. */
export const SUBJECT_TOKEN = '<new1>';

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
 * ⌈n/100⌉ images of each of its 100 captions).
 */
export function scheduleCaptions(request: CaptionRequest): CaptionSchedule {
  const { classWord, count, seed, untuned = false } = request;
  const { captions, problems } = captionsOf(request);
  if (captions.length === 0) return { prompts: [], problems };
  const subject = untuned ? classWord : `${SUBJECT_TOKEN} ${classWord}`;
  const random = new Philox(seed).split('captions');
  const prompts: string[] = [];
  while (prompts.length < count) prompts.push(...random.shuffle([...captions]));
  return {
    prompts: prompts.slice(0, count).map((caption) => caption.replaceAll('{subject}', subject)),
    problems,
  };
}

function captionsOf({ source, classWord, own = '', grammar }: CaptionRequest) {
  switch (source) {
    case 'vanilla':
      return { captions: ['photo of a {subject}'], problems: [] };
    case 'scenes':
      return { captions: sceneCaptions(classWord), problems: [] };
    case 'grammar':
      return grammar
        ? { captions: grammarCaptions(grammar), problems: [] }
        : {
            captions: [],
            problems: ['This generator does not say what its captions are made of. Choose another source.'],
          };
    case 'own':
      return ownCaptions(own, classWord);
  }
}

/** The user's lines; `<new1> dog`, `<new1>` and `{subject}` all mean the subject. */
function ownCaptions(text: string, classWord: string) {
  const captions: string[] = [];
  const problems: string[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    const caption = line.trim();
    if (!caption) continue;
    const named = caption
      .replaceAll(`${SUBJECT_TOKEN} ${classWord}`, '{subject}')
      .replaceAll(SUBJECT_TOKEN, '{subject}');
    if (named.includes('{subject}')) captions.push(named);
    else problems.push(`Line ${i + 1} does not name the subject: write {subject} where it belongs.`);
  }
  if (captions.length === 0) problems.push('Write one caption a line, with {subject} in each.');
  return { captions, problems };
}
