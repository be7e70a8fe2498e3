/** What the sampler must know of each set: its light, how far the camera may walk round it, how deep it is. */
import type { LightName, SetName } from './types.ts';

export interface Place {
  lights: readonly LightName[];
  /** Camera azimuth limit, degrees either side of the front. */
  maxAzimuth: number;
  /** Camera elevation limits, degrees. */
  elevation: readonly [number, number];
  /** Things stand in front of this z. */
  back: number;
}

const INDOOR: readonly LightName[] = ['window', 'lamp', 'studio', 'evening'];
const OUTDOOR: readonly LightName[] = ['sun', 'overcast', 'evening'];

export const PLACES: Readonly<Record<SetName, Place>> = {
  table: { lights: INDOOR, maxAzimuth: 38, elevation: [9, 50], back: -2.8 },
  kitchen: { lights: ['window', 'lamp', 'studio'], maxAzimuth: 35, elevation: [9, 46], back: -1.6 },
  rug: { lights: INDOOR, maxAzimuth: 42, elevation: [12, 60], back: -2.8 },
  bookshelf: { lights: ['lamp', 'window'], maxAzimuth: 28, elevation: [6, 22], back: -1.4 },
  blanket: { lights: INDOOR, maxAzimuth: 40, elevation: [16, 58], back: -2.4 },
  desk: { lights: ['window', 'lamp', 'studio'], maxAzimuth: 30, elevation: [10, 46], back: -1.6 },
  lawn: { lights: OUTDOOR, maxAzimuth: 55, elevation: [9, 50], back: -4 },
  pavement: { lights: OUTDOOR, maxAzimuth: 40, elevation: [9, 52], back: -2.4 },
  beach: { lights: ['sun', 'evening', 'overcast'], maxAzimuth: 40, elevation: [8, 40], back: -4 },
  forest: { lights: OUTDOOR, maxAzimuth: 55, elevation: [8, 46], back: -4 },
  picnic: { lights: OUTDOOR, maxAzimuth: 50, elevation: [14, 58], back: -2.6 },
  backdrop: { lights: ['studio', 'window'], maxAzimuth: 30, elevation: [8, 40], back: -2.6 },
};
