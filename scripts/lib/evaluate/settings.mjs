/** What an evaluation is asked for: a settings file, and arguments that win over it. */
import { existsSync } from 'node:fs';
import { wholeNumber } from '../arguments.mjs';
import { readJson } from '../text.mjs';

/**
 * Settings as the file has them; the page checks them.
 * @throws Error naming the file
 */
export function readGivenSettings(options) {
  if (!options.settings) return {};
  const path = String(options.settings);
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  try {
    return readJson(path);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error.message}`);
  }
}

/** Settings given as arguments; they win over the file. */
export function fromArguments(options, base) {
  const list = (name) => String(options[name]).split(',').filter(Boolean);
  const steps = wholeNumber(options, 'steps');
  const images = wholeNumber(options, 'images', 0);
  const dreambooth = wholeNumber(options, 'dreambooth');
  const { generation = {}, training = {}, map = {} } = base;
  return {
    ...(options.preset ? { preset: String(options.preset) } : {}),
    ...(options.positives ? { positives: list('positives') } : {}),
    ...(options.subjects ? { subjects: list('subjects') } : {}),
    ...(options.seeds ? { seeds: list('seeds').map(Number) } : {}),
    ...(options.part ? { part: String(options.part) } : {}),
    ...(options['no-dense'] ? { dense: false } : {}),
    ...(options.photos ? { photos: wholeNumber(options, 'photos') } : {}),
    ...(options.tests ? { tests: wholeNumber(options, 'tests') } : {}),
    ...(options.size ? { map: { ...map, size: wholeNumber(options, 'size', 14) } } : {}),
    ...(steps ? { training: { ...training, steps } } : {}),
    ...(images !== undefined || dreambooth
      ? {
          generation: {
            ...generation,
            ...(images === undefined ? {} : { images }),
            ...(dreambooth ? { dreambooth: { ...generation.dreambooth, steps: dreambooth } } : {}),
          },
        }
      : {}),
  };
}

/**
 * Subjects as the data set writes them: accents may be coded otherwise in what was typed, and a name may hold a comma, at which
 * `--subjects` was split.
 * @param {string[]} asked
 * @param {string[]} known
 */
export function namedSubjects(asked, known) {
  const key = (name) => name.normalize('NFC');
  const byKey = new Map(known.map((name) => [key(name), name]));
  const names = [];
  for (let at = 0; at < asked.length; ) {
    let end = asked.length;
    while (end > at + 1 && !byKey.has(key(asked.slice(at, end).join(',')))) end--;
    const name = asked.slice(at, end).join(',');
    names.push(byKey.get(key(name)) ?? name);
    at = end;
  }
  return names;
}
