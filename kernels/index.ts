export { dots2x4 } from './dot';
export { multiplyTile } from './losses/patchGradient';
export { weigh, weighAgain } from './attention/weights';
export { finishTile, tileOfColumns, tileOfRows } from './matrix/tile';
export { run, serve, start } from './schedule';
