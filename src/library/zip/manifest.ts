import type { Fields } from '../fields.ts';
import type { TensorSpan } from '../records/tensors.ts';
import type {
  AdapterRecord,
  GeneratedDetails,
  MaskSource,
  Photo,
  RunRecord,
  RunSample,
  Subject,
} from '../types.ts';

/** What says that a zip is ours. */
export const FORMAT = 'familiar-subject';
/** Version of the layout below. */
export const FORMAT_VERSION = 1;

/** A file in the zip, relative to the manifest, and the SHA-256 of its content (64 hex digits). */
export interface ZippedFile {
  file: string;
  sha256: string;
}

export type ZippedPhoto = Omit<Photo, 'subjectId' | 'bytes'> &
  ZippedFile & { mask?: ZippedFile & { source: MaskSource; updatedAt: number } };

export type ZippedAdapter = Omit<AdapterRecord, 'subjectId' | 'files'> & {
  files: (ZippedFile & { name: string })[];
};

/** `manifest.json`, which lists everything else in the zip. */
export interface Manifest {
  format: typeof FORMAT;
  version: number;
  exportedAt: number;
  subject: Subject;
  photos: ZippedPhoto[];
  adapters: ZippedAdapter[];
  /** One JSON file a run (`ZippedRun`). */
  runs: ZippedFile[];
}

/** Content of a run's file. */
export interface ZippedRun {
  run: Omit<RunRecord, 'subjectId'>;
  /** `file` holds the tensors end to end, 32-bit floats, little endian; offsets and lengths in floats. */
  checkpoint?: ZippedFile & {
    step: number;
    state: unknown;
    layout: TensorSpan[];
  };
  /** PNG files; absent in zips of before there were any. */
  samples?: (ZippedFile & Omit<RunSample, 'png'>)[];
}

const ID = /^[\w-]{1,64}$/;
const SHA256 = /^[0-9a-f]{64}$/;

function readFile(fields: Fields): ZippedFile {
  return { file: fields.string('file'), sha256: fields.pattern('sha256', SHA256) };
}

/** Read a manifest, checking every field. @throws what `fields` was made to throw */
export function readManifest(fields: Fields): Manifest {
  const subject = fields.object('subject');
  return {
    format: fields.oneOf('format', [FORMAT]),
    version: fields.integer('version', 1),
    exportedAt: fields.number('exportedAt'),
    subject: {
      id: subject.pattern('id', ID),
      name: subject.string('name'),
      className: subject.string('className'),
      createdAt: subject.number('createdAt'),
      updatedAt: subject.number('updatedAt'),
      ...optional('sampleId', subject.optionalString('sampleId')),
    },
    photos: fields.list('photos').map(readPhoto),
    adapters: fields.list('adapters').map(readAdapter),
    runs: fields.list('runs').map(readFile),
  };
}

function readPhoto(fields: Fields): ZippedPhoto {
  const mask = fields.has('mask') ? fields.object('mask') : undefined;
  return {
    id: fields.pattern('id', ID),
    role: fields.oneOf('role', ['train', 'test', 'negative', 'background', 'generated']),
    name: fields.string('name'),
    width: fields.integer('width', 1),
    height: fields.integer('height', 1),
    type: fields.oneOf('type', ['image/jpeg', 'image/png', 'image/webp']),
    contentHash: fields.pattern('contentHash', SHA256),
    perceptualHash: fields.pattern('perceptualHash', /^[0-9a-f]{16}$/),
    addedAt: fields.number('addedAt'),
    ...optional('shift', fields.optionalString('shift')),
    ...optional('isSubject', fields.optionalBoolean('isSubject')),
    ...optional('generated', fields.has('generated') ? readGenerated(fields.object('generated')) : undefined),
    ...readFile(fields),
    ...optional(
      'mask',
      mask && {
        ...readFile(mask),
        source: mask.oneOf('source', ['proposed', 'edited', 'imported', 'sample']),
        updatedAt: mask.number('updatedAt'),
      },
    ),
  };
}

function readGenerated(fields: Fields): GeneratedDetails {
  return {
    prompt: fields.string('prompt', 5000),
    seed: fields.integer('seed'),
    score: fields.has('score') ? fields.signed('score') : null,
    kept: fields.optionalBoolean('kept') ?? false,
    ...optional('threshold', fields.has('threshold') ? fields.signed('threshold') : undefined),
    ...optional('decided', fields.optionalBoolean('decided')),
    generatorId: fields.string('generatorId'),
    loraId: fields.optionalString('loraId') ?? null,
    seconds: fields.number('seconds'),
  };
}

function readAdapter(fields: Fields): ZippedAdapter {
  return {
    id: fields.pattern('id', ID),
    name: fields.string('name'),
    createdAt: fields.number('createdAt'),
    encoderId: fields.string('encoderId'),
    settings: fields.json('settings'),
    ...optional('scores', fields.json('scores')),
    ...optional('runId', fields.optionalString('runId')),
    files: fields.list('files').map((file) => ({ name: file.string('name'), ...readFile(file) })),
  };
}

/** Read a run's file, checking every field that we use. */
export function readRun(fields: Fields): ZippedRun {
  const run = fields.object('run');
  const checkpoint = fields.has('checkpoint') ? fields.object('checkpoint') : undefined;
  return {
    run: {
      id: run.pattern('id', ID),
      status: run.oneOf('status', ['running', 'paused', 'finished', 'stopped', 'failed']),
      createdAt: run.number('createdAt'),
      updatedAt: run.number('updatedAt'),
      step: run.integer('step'),
      totalSteps: run.integer('totalSteps'),
      settings: run.json('settings'),
      history: run.json('history'),
      ...optional('checkpointStep', run.has('checkpointStep') ? run.integer('checkpointStep') : undefined),
      ...optional('error', run.optionalString('error')),
    },
    ...optional(
      'checkpoint',
      checkpoint && {
        ...readFile(checkpoint),
        step: checkpoint.integer('step'),
        state: checkpoint.json('state'),
        layout: checkpoint.list('layout').map((span) => ({
          name: span.string('name'),
          offset: span.integer('offset'),
          length: span.integer('length'),
        })),
      },
    ),
    ...optional('samples', fields.has('samples') ? fields.list('samples').map(readSample) : undefined),
  };
}

function readSample(fields: Fields): ZippedFile & Omit<RunSample, 'png'> {
  return {
    ...readFile(fields),
    step: fields.integer('step'),
    prompt: fields.string('prompt', 5000),
    seed: fields.integer('seed'),
  };
}

/** `{ [name]: value }`, or nothing for undefined, so that records come back equal to what they were. */
function optional<K extends string, T>(name: K, value: T | undefined): { [key in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: T });
}
