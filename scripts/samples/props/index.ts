/** All props by name: distractors, occluders and the content of generic negatives. */
import { home } from './home.ts';
import { kitchen } from './kitchen.ts';
import { outside } from './outside.ts';
import type { Prop } from './prop.ts';
import { toys } from './toys.ts';

export const PROPS: Readonly<Record<string, Prop>> = { ...home, ...kitchen, ...toys, ...outside };
