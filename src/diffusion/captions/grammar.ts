/** What the embedded generator's captions.json says it was trained on. */
export interface CaptionGrammar {
  classNames: string[];
  colors: string[];
  lights: string[];
}

/** Read captions.json; undefined when it is not the embedded generator's. */
export function readCaptionGrammar(json: unknown): CaptionGrammar | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const fields = json as Record<string, unknown>;
  const texts = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const classNames = texts(fields.class_names);
  const colors = texts(fields.background_colors ?? fields.colors);
  if (classNames.length === 0 || colors.length === 0) return undefined;
  const lights = texts(fields.light ?? fields.lights);
  return { classNames, colors, lights: lights.length ? lights : ['dark', 'bright'] };
}

/**
 * Captions in the embedded generator's own words: `a photo of a {subject}[, {color} background][, dark|, bright]`, every
 * colour (and none) with every light (and none) once.
 */
export function grammarCaptions({ colors, lights }: CaptionGrammar): string[] {
  const grounds = ['', ...colors.map((color) => `, ${color} background`)];
  const lightings = ['', ...lights.map((light) => `, ${light}`)];
  return grounds.flatMap((ground) => lightings.map((light) => `a photo of a {subject}${ground}${light}`));
}
