import { decodePng } from '../../images/png/decode.ts';
import { preprocess } from '../../images/preprocess.ts';
import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import type { Context } from '../../tensor/context.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';

const STD = [0.229, 0.224, 0.225] as const;
const imagenet = { resample: 'bicubic', rescaleFactor: 1 / 255 } as const;
const cases: Record<string, PreprocessConfig> = {
  dinov2_224: {
    ...imagenet,
    mean: [0.485, 0.456, 0.406],
    std: [...STD],
    resizeShortestEdge: 256,
    cropHeight: 224,
    cropWidth: 224,
  },
  rgb_128_resize146: {
    ...imagenet,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resizeShortestEdge: 146,
    cropHeight: 128,
    cropWidth: 128,
  },
};

/** `preprocess/`: largest error in units of one 8-bit level; at most 2 is asked for. */
export async function checkPreprocess(_context: Context, folder: GoldenFolder): Promise<GoldenCheck[]> {
  const pixels = decodePng(await folder.bytes('preprocess/pattern.png'));
  const golden = await folder.tensors('preprocess/preprocess.safetensors');
  const checks: GoldenCheck[] = [];
  for (const [name, config] of Object.entries(cases)) {
    const expected = golden.get(name);
    if (!expected) continue;
    const plane = config.cropHeight * config.cropWidth;
    const error = preprocess(pixels, config).reduce((worst, value, i) => {
      const levels = Math.abs(value - expected.values[i]!) * config.std[Math.floor(i / plane)]! * 255;
      return Math.max(worst, levels);
    }, 0);
    checks.push({ name: `preprocess ${name} (levels of 255)`, error, tolerance: 2 });
  }
  return checks;
}
