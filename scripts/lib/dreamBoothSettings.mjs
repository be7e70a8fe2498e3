import { readFileSync } from 'node:fs';

/**
 * DreamBooth settings: the page checks them and takes what is missing from the preset.
 * @param page of `openHeadless`
 * @param base fields that the command line gives
 * @param file path of a JSON file whose fields come before those; undefined for none
 * @throws Error naming the file, and the field that is wrong
 */
export async function readDreamBooth(page, base, file) {
  try {
    const given = file === undefined ? {} : JSON.parse(readFileSync(String(file), 'utf8'));
    return await page.evaluate(
      ([fields, own]) =>
        globalThis.familiar.readDreamBoothSettings(
          typeof own === 'object' && own !== null && !Array.isArray(own) ? { ...fields, ...own } : own,
        ),
      [base, given],
    );
  } catch (error) {
    const reason = error.message.replace(/^page\.evaluate: /, '').split('\n')[0];
    throw new Error(file === undefined ? reason : `${file}: ${reason}`);
  }
}
