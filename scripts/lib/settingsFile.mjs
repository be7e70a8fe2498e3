import { pageMessage } from './pageError.mjs';
import { readJson } from './text.mjs';

/**
 * Settings from a JSON file: the page checks them and takes what is missing from the preset they name.
 * @param page of `openHeadless`
 * @param reader name of the page's reader, `readSettings` or `readDreamBoothSettings`
 * @param base fields that the command line gives; the file's come before them
 * @param file path; undefined for none
 * @throws Error naming the file, and the field that is wrong
 */
export async function readSettingsFile(page, reader, base, file) {
  try {
    const given = file === undefined ? {} : readJson(String(file));
    return await page.evaluate(
      ([name, fields, own]) =>
        globalThis.familiar[name](
          typeof own === 'object' && own !== null && !Array.isArray(own) ? { ...fields, ...own } : own,
        ),
      [reader, base, given],
    );
  } catch (error) {
    const reason = pageMessage(error);
    throw new Error(file === undefined ? reason : `${file}: ${reason}`);
  }
}
