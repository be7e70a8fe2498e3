/**
 * Places and surfaces to paste a subject on, written for this project; none has a person, an animal or a thing in its
 * middle. Words of ImageNet's labels among them are for generators that know little else.
 */
const PLACES = [
  ...[
    'lakeside',
    'seashore',
    'sandbar',
    'valley',
    'cliff',
    'alp',
    'promontory',
    'coral reef',
    'volcano',
    'geyser',
  ],
  ...['stone wall', 'patio', 'greenhouse', 'hay', 'barn', 'library', 'bookshop', 'bakery', 'restaurant'],
  ...['grocery store', 'worm fence', 'picket fence', 'tile roof', 'doormat', 'quilt', 'window shade', 'maze'],
  ...['dock', 'pier', 'breakwater', 'viaduct', 'church', 'palace', 'velvet', 'wool', 'honeycomb', 'rapeseed'],
  ...['kitchen', 'living room', 'bedroom', 'garden', 'meadow', 'forest', 'beach', 'street', 'snow', 'desert'],
  ...[
    'wooden table',
    'carpet',
    'grass',
    'sand',
    'gravel',
    'brick wall',
    'sofa',
    'shelf',
    'staircase',
    'parking lot',
  ],
] as const;

/** Prompts for backgrounds without a subject. */
export const BACKGROUND_PROMPTS: readonly string[] = PLACES.map((place) => `a photo of a ${place}`);
