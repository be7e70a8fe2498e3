/** The committed subjects: which sibling of which family, and where it is at home. */
import type { FamilyName, SetName } from './types.ts';

export interface Subject {
  id: string;
  name: string;
  family: FamilyName;
  className: string;
  kind: 'animal' | 'object';
  description: string;
  /** The sibling it is; the others are its look-alikes. */
  coat: string;
  /** Named siblings that appear among the negatives. */
  knownSiblings: readonly string[];
  /** Named sibling that appears only in the test images. */
  unseenSibling: string;
  /** Places of the training and in-distribution views. */
  home: readonly [SetName, SetName];
}

export const SUBJECTS: readonly Subject[] = [
  {
    id: 'dog-biscuit',
    name: 'Biscuit',
    family: 'dog',
    className: 'dog',
    kind: 'animal',
    coat: 'biscuit',
    description: 'A cream plush dog with brown patches, brown ears, a patch over one eye and a red collar.',
    knownSiblings: ['domino', 'ember'],
    unseenSibling: 'misty',
    home: ['rug', 'lawn'],
  },
  {
    id: 'cat-marmalade',
    name: 'Marmalade',
    family: 'cat',
    className: 'cat',
    kind: 'animal',
    coat: 'marmalade',
    description: 'A ginger tabby plush cat with a white muzzle and belly and a blue collar.',
    knownSiblings: ['pepper', 'truffle'],
    unseenSibling: 'slate',
    home: ['blanket', 'table'],
  },
  {
    id: 'duck-sunny',
    name: 'Sunny',
    family: 'duck',
    className: 'duck',
    kind: 'animal',
    coat: 'sunny',
    description: 'A yellow vinyl duck with red spots, yellow wings and a blue scarf.',
    knownSiblings: ['mallard', 'sky'],
    unseenSibling: 'plum',
    home: ['backdrop', 'picnic'],
  },
  {
    id: 'mug-alpine',
    name: 'Alpine mug',
    family: 'mug',
    className: 'mug',
    kind: 'object',
    coat: 'alpine',
    description: 'A mug with blue mountains under an orange sun and a dark blue handle.',
    knownSiblings: ['meadow', 'bistro'],
    unseenSibling: 'lagoon',
    home: ['kitchen', 'desk'],
  },
  {
    id: 'shoe-comet',
    name: 'Comet sneaker',
    family: 'shoe',
    className: 'shoe',
    kind: 'object',
    coat: 'comet',
    description: 'A blue sneaker with a yellow star, cream toe cap, yellow heel and red tread.',
    knownSiblings: ['cherry', 'fern'],
    unseenSibling: 'dune',
    home: ['rug', 'pavement'],
  },
  {
    id: 'bottle-trail',
    name: 'Trail bottle',
    family: 'bottle',
    className: 'bottle',
    kind: 'object',
    coat: 'trail',
    description: 'A green steel bottle with a zigzag belt, a dark cap and a yellow loop.',
    knownSiblings: ['cosmos', 'citrus'],
    unseenSibling: 'coral',
    home: ['desk', 'forest'],
  },
];
