/** Ten manners and ten places; every pair is a caption. */
interface Scenes {
  /** What follows the subject: a pose, or how it stands. */
  manners: readonly string[];
  /** Where, in what light. */
  places: readonly string[];
}

const PET_PLACES = [
  'on a sandy beach at noon',
  'in tall grass in the evening sun',
  'on a wooden floor by a window',
  'in fresh snow under a grey sky',
  'on a sofa in lamp light',
  'on a city pavement after rain',
  'in a forest among fallen leaves',
  'on a kitchen floor of white tiles',
  'in a garden full of flowers',
  'on a stony mountain path',
] as const;

const SCENES: Record<string, Scenes> = {
  dog: {
    manners: [
      'sitting upright',
      'lying on its side',
      'running toward the camera',
      'walking in profile',
      'looking up',
      'seen from behind',
      'curled up asleep',
      'with its mouth open, close up',
      'standing far away',
      'half hidden behind a bush',
    ],
    places: PET_PLACES,
  },
  cat: {
    manners: [
      'sitting with its tail around its paws',
      'stretched out on its back',
      'creeping low',
      'walking in profile',
      'looking over its shoulder',
      'seen from above',
      'curled up asleep',
      'face to face, close up',
      'jumping',
      'peeking out from behind a box',
    ],
    places: PET_PLACES,
  },
  mug: {
    manners: [
      'full of coffee',
      'empty, seen from above',
      'lying on its side',
      'with its handle to the left',
      'with its handle to the right',
      'upside down',
      'beside a plate of biscuits',
      'held in one hand',
      'close up',
      'half hidden behind a jar',
    ],
    places: [
      'on a wooden kitchen table',
      'on a desk beside a keyboard',
      'on a window sill in morning light',
      'in a sink full of dishes',
      'on a stack of books',
      'on a garden wall in bright sun',
      'on a picnic blanket',
      'on a shelf in lamp light',
      'on a train’s folding table',
      'on a white marble counter',
    ],
  },
  bag: {
    manners: [
      'standing upright',
      'lying flat',
      'hanging from a hook',
      'full to the top',
      'empty and folded once',
      'over a shoulder',
      'seen from the side',
      'close up',
      'crumpled',
      'half under a coat',
    ],
    places: [
      'on a park bench',
      'on a shop counter',
      'in a hallway by the door',
      'on a bicycle’s handlebar',
      'on the sand of a beach',
      'on a bed in soft light',
      'on a car seat',
      'at a market stall',
      'on a tiled floor',
      'on green grass in the sun',
    ],
  },
  bottle: {
    manners: [
      'standing upright',
      'lying on its side',
      'seen from above',
      'with drops on it',
      'tilted in a hand',
      'half full',
      'close up',
      'among other things',
      'seen from below',
      'half in the shade',
    ],
    places: [
      'on a gym bench',
      'on a rock beside a stream',
      'on an office desk',
      'in a bicycle’s holder',
      'on a picnic table',
      'in the door of a fridge',
      'on a sunny balcony',
      'on a car’s console',
      'in a backpack’s side pocket',
      'on a dark wooden shelf',
    ],
  },
  screwdriver: {
    manners: [
      'lying flat',
      'standing in a cup',
      'held in a hand',
      'pointing at the camera',
      'seen from above',
      'turning a screw',
      'beside a hammer',
      'close up',
      'among loose screws',
      'half under a rag',
    ],
    places: [
      'on a wooden workbench',
      'in an open toolbox',
      'on a concrete floor',
      'on a step of a ladder',
      'on a kitchen counter',
      'on a sheet of newspaper',
      'on a car’s bonnet',
      'in a garden shed in dim light',
      'on a white desk',
      'on a carpet in lamp light',
    ],
  },
  shoe: {
    manners: [
      'seen from the side',
      'seen from above',
      'lying on its side',
      'worn on a foot',
      'with its sole to the camera',
      'with loose laces',
      'close up',
      'toe to the camera',
      'leaning against a wall',
      'half in the shade',
    ],
    places: [
      'on a wooden floor',
      'on a forest path',
      'on wet asphalt',
      'on a door mat',
      'on a running track',
      'in an open shoe box',
      'on the sand of a beach',
      'on green grass',
      'on a stone step in the sun',
      'on a shop’s shelf',
    ],
  },
};

/** For class words without a list of their own. */
const GENERIC: Scenes = {
  manners: [
    'seen from the side',
    'seen from above',
    'seen from behind',
    'seen from below',
    'close up',
    'far away',
    'tilted to one side',
    'among other things',
    'half in the shade',
    'half hidden',
  ],
  places: [
    'on a wooden table',
    'on green grass in the sun',
    'on a beach',
    'on a city pavement',
    'in a bright kitchen',
    'on a sofa in lamp light',
    'in the snow',
    'in a garden full of flowers',
    'on a stone wall',
    'in a dark room',
  ],
};

/** Class words with a list of their own. */
export const SCENE_CLASSES: readonly string[] = Object.keys(SCENES);

/**
 * A hundred captions for a class word, written for this project: ten manners by ten places, so that pose and place vary
 * independently (the paper's lists, by a language model, vary the place only). `{subject}` stands for the subject.
 */
export function sceneCaptions(classWord: string): string[] {
  const { manners, places } = SCENES[classWord.trim().toLowerCase()] ?? GENERIC;
  return places.flatMap((place) => manners.map((manner) => `photo of a {subject}, ${manner}, ${place}`));
}
