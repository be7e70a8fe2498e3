export { finishTile, tileOfColumns, tileOfRows } from './matrix/tile';
export { run, serve, start } from './schedule';
