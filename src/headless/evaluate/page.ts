import { renderReport } from '../../evaluation/report/report.ts';
import { runsCsv } from '../../evaluation/summary/runsCsv.ts';
import { EvaluationHost } from './host.ts';
import { cellName, type PlannedCell, planCells, readEvaluationFile, withoutImages } from './plan.ts';
import type { CellRequest, EvaluationSource, GenerateRequest } from './protocol.ts';

let host: EvaluationHost | undefined;

function opened(): EvaluationHost {
  if (!host) throw new Error('No data set is open.');
  return host;
}

/** What `npm run evaluate` calls in the page, one call a cell, so that every cell is on disk before the next begins. */
export const evaluation = {
  read: readEvaluationFile,
  plan: planCells,
  withoutImages,
  cellName,
  report: renderReport,
  runsCsv,
  open: async (source: EvaluationSource) => {
    const report = (globalThis as unknown as Record<string, (event: unknown) => void>)[source.progress]!;
    const result = await EvaluationHost.open(source, report);
    host = result.host;
    return result.opened;
  },
  dependsOn: (cell: PlannedCell) => opened().dependsOn(cell),
  pretrained: (cell: PlannedCell) => opened().pretrained(cell),
  cell: (request: CellRequest) => opened().cell(request),
  negatives: (request: GenerateRequest) => opened().negatives(request),
  classWord: ({ subject, file }: GenerateRequest) => opened().classWord(subject, file),
  generate: (request: GenerateRequest) => opened().generate(request),
};
