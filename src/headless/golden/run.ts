import type { Preference } from '../../backend/choose/choose.ts';
import { deviceName } from '../../backend/choose/ways.ts';
import type { Context } from '../../tensor/context.ts';
import { openContext } from '../openContext.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';
import { checkForward, checkLora } from './dinov2.ts';
import { checkEmbedded } from './embedded.ts';
import { checkEncoder, ENCODER_CASES } from './encoders.ts';
import { fetchFolder } from './fetchFolder.ts';
import { checkGenerator } from './generator.ts';
import { checkMetrics } from './metrics.ts';
import { checkPreprocess } from './preprocess.ts';
import { checkUNet } from './unet.ts';

/** One part of a golden folder: the files it needs and its checks. */
interface GoldenPart {
  name: string;
  needs: string[];
  check(context: Context, folder: GoldenFolder): Promise<GoldenCheck[]>;
}

const PARTS: GoldenPart[] = [
  {
    name: 'preprocess',
    needs: ['preprocess/preprocess.safetensors', 'preprocess/pattern.png'],
    check: checkPreprocess,
  },
  { name: 'metrics', needs: ['metrics/metrics.json'], check: checkMetrics },
  {
    name: 'dinov2 forward',
    needs: ['dinov2/forward.safetensors', 'dinov2/model/config.json'],
    check: checkForward,
  },
  { name: 'dinov2 LoRA', needs: ['dinov2/lora.safetensors', 'dinov2/lora.json'], check: checkLora },
  ...ENCODER_CASES.map((name) => ({
    name: `encoder ${name}`,
    needs: ['model/config.json', 'forward.safetensors', 'lora.safetensors', 'lora.json'].map(
      (file) => `encoders/${name}/${file}`,
    ),
    check: (context: Context, folder: GoldenFolder) => checkEncoder(context, folder, name),
  })),
  { name: 'UNet', needs: ['unet/lora.safetensors', 'unet/model/config.json'], check: checkUNet },
  { name: 'embedded generator', needs: ['embedded/embedded.safetensors'], check: checkGenerator },
  { name: 'embedded encoder', needs: ['embedded/embedded.safetensors'], check: checkEmbedded },
];

/** What was checked and what was not there. */
export interface GoldenReport {
  /** What computed, and the weaker choices that were taken. */
  device: string;
  notes: string[];
  checks: GoldenCheck[];
  /** Parts whose files the folder does not have. */
  absent: string[];
}

/** Check the engine against a golden folder served under `baseUrl` (with a slash at its end). */
export async function runGolden(baseUrl: string, preference: Preference): Promise<GoldenReport> {
  const { context, chosen } = await openContext(preference);
  const folder = fetchFolder(baseUrl);
  const report: GoldenReport = {
    device: deviceName(chosen.backend),
    notes: chosen.notes,
    checks: [],
    absent: [],
  };
  for (const { name, needs, check } of PARTS) {
    const there = await Promise.all(needs.map((path) => folder.has(path)));
    if (there.every(Boolean)) report.checks.push(...(await check(context, folder)));
    else report.absent.push(name);
  }
  context.destroy();
  return report;
}
