export { run, serve, start } from './schedule';
