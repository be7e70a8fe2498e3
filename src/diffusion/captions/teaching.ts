import { type CaptionGrammar, grammarCaptions } from './grammar.ts';
import { fillSubject, instancePrompt } from './prompts.ts';
import { sceneCaptions } from './scenes.ts';

/**
 * Prompts under which photos are learned where captions vary: the instance prompt first, then every caption of the
 * generator's own grammar, or of the class word's scene list where it has none.
 */
export function teachingPrompts(classWord: string, grammar: CaptionGrammar | undefined): string[] {
  const captions = grammar ? grammarCaptions(grammar) : sceneCaptions(classWord);
  const prompts = captions.map((caption) => fillSubject(caption, classWord));
  return [...new Set([instancePrompt(classWord), ...prompts])];
}
