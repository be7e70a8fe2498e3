/** What a picture is before it is rendered: plain data, made by the sampler, read by the stage. */

export const SHIFTS = ['id', 'pose', 'distractors', 'both'] as const;
/** The four test shifts of PODS: like training, other poses, among other things, both. */
export type Shift = (typeof SHIFTS)[number];

export const FAMILIES = ['dog', 'cat', 'duck', 'mug', 'shoe', 'bottle'] as const;
export type FamilyName = (typeof FAMILIES)[number];

export const LIGHTS = ['window', 'lamp', 'overcast', 'sun', 'evening', 'studio'] as const;
export type LightName = (typeof LIGHTS)[number];

export const SETS = [
  'table',
  'kitchen',
  'rug',
  'bookshelf',
  'blanket',
  'desk',
  'lawn',
  'pavement',
  'beach',
  'forest',
  'picnic',
  'backdrop',
] as const;
export type SetName = (typeof SETS)[number];

/** Which sibling: one of the family's named coats, or a stranger drawn from a seed. */
export type CoatRef = { named: string } | { stranger: string };

/** How a thing stands. Angles in degrees. */
export interface Stance {
  /** Turn about the vertical; 0 faces the camera. */
  yaw: number;
  /** Which way it has been put down. */
  rest: 'upright' | 'side' | 'back' | 'upturned';
  /** Turn about its own upright axis before it is put down: where a handle or a print points when it lies. */
  spin: number;
  /** Joint pose of an animal ('sit', 'stand', 'lie', ...); ignored by objects. */
  posture: string;
  /** Head turn and nod of an animal. */
  headYaw: number;
  headPitch: number;
}

export interface ThingSpec {
  family: FamilyName;
  coat: CoatRef;
  stance: Stance;
}

export interface CameraSpec {
  /** Degrees; 0 looks from +z at the backdrop. */
  azimuth: number;
  elevation: number;
  /** Vertical field of view, degrees. */
  fov: number;
  /** Share of the picture the unoccluded subject should fill, 0..1. */
  fraction: number;
  /** Where the subject's middle lies, in half picture sizes from the centre. */
  offset: [number, number];
  roll: number;
}

export interface ShotSpec {
  /** Folder-relative path of the picture, and of its mask when it has one. */
  image: string;
  mask: string | null;
  seed: string;
  /** Stream of the place itself; views that share it share the room. */
  setSeed: string;
  width: number;
  height: number;
  set: SetName;
  light: LightName;
  subject: ThingSpec | null;
  camera: CameraSpec;
  /** Props beside and before the subject (or the content of the picture when there is no subject). */
  clutter: number;
  /** Share of the subject that must stay visible. */
  minVisible: number;
  /** A sibling that stands in the background as a distractor. */
  rival: ThingSpec | null;
}
