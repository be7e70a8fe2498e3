import { minMaxNormalize, otsuMask } from '../../dense/cleanup.ts';
import { otsuThreshold } from '../../dense/otsu.ts';
import { averagePrecision } from '../../evaluation/metrics/averagePrecision.ts';
import { ndcg } from '../../evaluation/metrics/ndcg.ts';
import type { Context } from '../../tensor/context.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';
import { readNpy } from './npy.ts';

interface MetricsGolden {
  average_precision?: { scores: number[]; labels: number[]; ap: number }[];
  ndcg?: { scores: number[]; relevance: number[]; ndcg: number }[];
  otsu?: { map: string; otsu: number; final: number; final_rows_sum: number[]; final_cols_sum: number[] }[];
}

/** `metrics/`: average precision and NDCG to 1e-6; Otsu thresholds to 1e-6 and cleaned masks exactly. */
export async function checkMetrics(_context: Context, folder: GoldenFolder): Promise<GoldenCheck[]> {
  const golden = (await folder.json('metrics/metrics.json')) as MetricsGolden;
  const checks: GoldenCheck[] = [];
  const near = (name: string, value: number | null, expected: number): void => {
    checks.push({ name, error: value === null ? Infinity : Math.abs(value - expected), tolerance: 1e-6 });
  };
  golden.average_precision?.forEach(({ scores, labels, ap }, i) => {
    near(`average precision ${i}`, averagePrecision(scores, labels), ap);
  });
  golden.ndcg?.forEach(({ scores, relevance, ndcg: expected }, i) => {
    near(`NDCG ${i}`, ndcg(scores, relevance), expected);
  });
  for (const { map, otsu, final, final_rows_sum, final_cols_sum } of golden.otsu ?? []) {
    const { values, shape } = readNpy(await folder.bytes(`metrics/${map}`), map);
    const [height, width] = shape as [number, number];
    near(`Otsu ${map}`, otsuThreshold(minMaxNormalize(values)), otsu);
    const { mask } = otsuMask(values, width, height);
    const rows = new Array<number>(height).fill(0);
    const columns = new Array<number>(width).fill(0);
    mask.data.forEach((value, i) => {
      if (value === 0) return;
      rows[Math.floor(i / width)]!++;
      columns[i % width]!++;
    });
    const wrong =
      Math.abs(rows.reduce((sum, count) => sum + count, 0) - final) +
      rows.reduce((sum, count, i) => sum + Math.abs(count - final_rows_sum[i]!), 0) +
      columns.reduce((sum, count, i) => sum + Math.abs(count - final_cols_sum[i]!), 0);
    checks.push({ name: `mask of ${map} (pixels)`, error: wrong, tolerance: 0 });
  }
  return checks;
}
