/** The token that stands for the subject. */
export const SUBJECT_TOKEN = '<new1>';

/** The paper's one caption for every image where no list is used. */
export const VANILLA_CAPTION = 'photo of a {subject}';

/** The caption as a prompt: `{subject}` becomes `<new1> dog`, or `dog` for an untuned generator. */
export function fillSubject(caption: string, classWord: string, untuned = false): string {
  const subject = untuned ? classWord : `${SUBJECT_TOKEN} ${classWord}`;
  return caption.replaceAll('{subject}', () => subject);
}

/** The vanilla caption as a prompt. */
export function vanillaCaption(classWord: string): string {
  return fillSubject(VANILLA_CAPTION, classWord);
}

/** The paper's prompt under which the photos are learned; no article before the token. */
export function instancePrompt(classWord: string): string {
  return fillSubject('a photo of {subject}', classWord);
}

/**
 * Prompt of the class images, which keep the class as it was: the paper's, with the article that the embedded generator's
 * captions have.
 */
export function classPrompt(classWord: string): string {
  return `a photo of a ${classWord}`;
}
