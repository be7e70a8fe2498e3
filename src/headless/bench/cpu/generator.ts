import { benchGenerator } from '../generator.ts';
import { onCpu } from './openCpu.ts';
import { LONG } from './timing.ts';

/** Time the embedded generator on all cores: an evaluation of its UNet, a DreamBooth step, a picture. */
export function benchGeneratorOnCpu() {
  const baseUrl = new URL('.', location.href).href;
  return onCpu(undefined, (context) => benchGenerator(context, baseUrl, LONG));
}
