import type { DreamBoothCheckpoint } from '../../engine/generator/protocol.ts';
import { SafetensorsError } from '../../models/weights/safetensors/errors.ts';
import { parseSafetensors, readHeader } from '../../models/weights/safetensors/parse.ts';
import { writeSafetensors } from '../../models/weights/safetensors/write.ts';
import { fromRecord, toRecord } from './dreamboothRecord.ts';

/** Beside the LoRA of a checkpoint: all that learning needs to go on from it. */
export const TRAINING_STATE_FILE = 'training_state.safetensors';

/** A checkpoint with its optimizer's moments as one file, so that every checkpoint of a run can be gone on from. */
export function exportTrainingState(checkpoint: DreamBoothCheckpoint): Uint8Array<ArrayBuffer> {
  const { step, state, tensors } = toRecord(checkpoint);
  const flat = Object.entries(tensors).map(([name, values]) => [name, { shape: [values.length], values }]);
  return writeSafetensors(Object.fromEntries(flat), { step: String(step), state: JSON.stringify(state) });
}

/**
 * The checkpoint that `exportTrainingState` wrote, number for number.
 * @throws SafetensorsError, Error when an array is missing
 */
export function importTrainingState(bytes: Uint8Array, fileName: string): DreamBoothCheckpoint {
  const { step, state } = readHeader(bytes, fileName).metadata;
  if (step === undefined || state === undefined)
    throw new SafetensorsError(fileName, 'the file is no state of a training run');
  const tensors = [...parseSafetensors(bytes, fileName)].map(([name, { values }]) => [name, values]);
  return fromRecord({ step: Number(step), state: JSON.parse(state), tensors: Object.fromEntries(tensors) });
}
