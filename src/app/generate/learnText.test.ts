import { describe, expect, it } from 'vitest';
import { DREAMBOOTH_PRESETS } from '../../diffusion/dreambooth/presets.ts';
import { learnText } from './learnText.ts';

const { embedded, paper } = DREAMBOOTH_PRESETS;
const from = { className: 'dog', photos: 3, masks: 3, classImages: 0, settings: embedded };

describe('learnText', () => {
  it('says what is learned from what', () => {
    expect(learnText(from)).toBe('It learns that “<new1> dog” is yours, from 3 photos.');
    expect(learnText({ ...from, photos: 0 })).toMatch(/^Add a few training photos first/);
  });

  it('says what is missing without masks, where the settings need them', () => {
    expect(learnText({ ...from, masks: 0 })).toMatch(/No photo has a mask/);
    expect(learnText({ ...from, masks: 0, settings: paper })).not.toMatch(/mask/);
  });

  it('counts the class images that are still to be drawn', () => {
    expect(learnText({ ...from, settings: paper })).toMatch(
      /First it draws 200 others of its kind, each of 50 steps\.$/,
    );
    expect(learnText({ ...from, settings: paper, classImages: 2 })).toMatch(
      /draws 198 others.*; 2 are there\.$/,
    );
    expect(learnText({ ...from, settings: paper, classImages: 200 })).not.toMatch(/others/);
  });
});
