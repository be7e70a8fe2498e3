import { fillSubject } from '../../diffusion/captions/prompts.ts';
import type { DreamBoothSettings } from '../../engine/generator/protocol.ts';

/** What a DreamBooth run would start from. */
export interface LearnFrom {
  className: string;
  photos: number;
  /** Photos with a mask. */
  masks: number;
  /** Pictures of its class that are there. */
  classImages: number;
  settings: DreamBoothSettings;
}

/** What will be learned, from what, and what comes before it. */
export function learnText({ className, photos, masks, classImages, settings }: LearnFrom): string {
  if (photos === 0) return 'Add a few training photos first: it learns from them.';
  const missing = (settings.prior?.images ?? 0) - classImages;
  return [
    `It learns that “${fillSubject('{subject}', className)}” is yours, from ${photos} ${photos === 1 ? 'photo' : 'photos'}.`,
    ...(masks === 0 && usesMasks(settings)
      ? [
          'No photo has a mask: it learns the whole photos, background and all. One click on your subject in a photo makes a mask.',
        ]
      : []),
    ...(missing > 0
      ? [
          `First it draws ${missing} others of its kind, each of ${settings.prior!.steps} steps${classImages > 0 ? `; ${classImages} are there` : ''}.`,
        ]
      : []),
  ].join(' ');
}

/** Whether anything of the settings needs masks. */
function usesMasks({ masked, framing, captions, painted }: DreamBoothSettings): boolean {
  return masked || framing === 'object' || (captions === 'described' && painted > 0);
}
