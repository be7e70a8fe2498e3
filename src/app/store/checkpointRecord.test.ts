import { describe, expect, it } from 'vitest';
import type { TrainingCheckpoint } from '../../engine/protocol.ts';
import { fromRecord, toRecord } from './checkpointRecord.ts';

const checkpoint: TrainingCheckpoint = {
  step: 7,
  adapter: {
    rank: 2,
    alpha: 4,
    dropout: 0.1,
    targets: ['query'],
    layers: [1],
    baseModel: 'embedded',
    sharedA: true,
    tensors: {
      'encoder.layer.1.attention.attention.query': {
        A: Float32Array.of(1, 2, 3, 4),
        B: Float32Array.of(5, 6),
        inFeatures: 2,
        outFeatures: 1,
      },
    },
  },
  optimizer: {
    step: 7,
    first: { '1.qkv.A': Float32Array.of(0.5) },
    second: { '1.qkv.A': Float32Array.of(0.25) },
  },
  history: [{ step: 7, loss: 1, globalLoss: 1, patchLoss: null, rankingAccuracy: 0.5 }],
};

describe('checkpoint records', () => {
  it('come back as they were, with JSON apart from numbers', () => {
    const record = toRecord(checkpoint);
    expect(JSON.parse(JSON.stringify(record.state))).toEqual(record.state);
    expect(Object.keys(record.tensors)).toHaveLength(4);
    expect(fromRecord(record)).toEqual(checkpoint);
  });

  it('name what is missing', () => {
    const record = toRecord(checkpoint);
    delete record.tensors['encoder.layer.1.attention.attention.query.B'];
    expect(() => fromRecord(record)).toThrow('query.B');
  });
});
