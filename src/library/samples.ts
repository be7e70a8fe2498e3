import { Fields } from './fields.ts';
import type { PhotoRole } from './types.ts';

/** A picture of a sample subject; paths are relative to the manifest. */
export interface SampleImage {
  image: string;
  /** PNG mask of the object. */
  mask?: string;
  /** For test pictures: in what they differ from the training pictures. */
  shift?: string;
  /** For test pictures: whether the subject is in it. */
  isSubject?: boolean;
}

/** A bundled subject, rendered by this project. */
export interface SampleSubject {
  id: string;
  name: string;
  className: string;
  /** "animal", "object". */
  kind: string;
  description: string;
  train: SampleImage[];
  test: SampleImage[];
  /** Pictures of siblings: like the subject, but not it. */
  negatives: string[];
  /** Picture to show for it. */
  cover: string;
}

export interface SampleManifest {
  /** Where the manifest was loaded from; ends in a slash. */
  baseUrl: string;
  subjects: SampleSubject[];
  /** Pictures that no sample subject is in. */
  negatives: string[];
  /** Empty scenes to paste on. */
  backgrounds: string[];
}

/** The bundled samples cannot be read. */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  readonly remedy = 'Reload the page; if it happens again, the server does not serve the samples folder.';
}

const VERSION = 1;

/**
 * Load `index.json` of the bundled samples.
 * @param baseUrl URL of the samples folder, absolute or relative to the page
 * @throws SampleError naming what is wrong
 */
export async function loadSampleManifest(baseUrl: string): Promise<SampleManifest> {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const response = await fetchSample(`${base}index.json`);
  let json: unknown;
  try {
    json = await response.json();
  } catch (cause) {
    throw new SampleError(`${base}index.json is not JSON.`, { cause });
  }
  const fields = new Fields(
    json,
    'index.json',
    (problem) => new SampleError(`The samples are damaged: ${problem}.`),
  );
  const version = fields.integer('version', 1);
  if (version !== VERSION)
    throw new SampleError(`${base}index.json has the layout ${version}, this program reads ${VERSION}.`);
  return {
    baseUrl: base,
    subjects: fields.list('subjects').map(readSubject),
    negatives: fields.strings('negatives'),
    backgrounds: fields.strings('backgrounds'),
  };
}

function readSubject(fields: Fields): SampleSubject {
  return {
    id: fields.string('id'),
    name: fields.string('name'),
    className: fields.string('className'),
    kind: fields.string('kind'),
    description: fields.string('description', 5000),
    train: fields.list('train').map(readImage),
    test: fields.list('test').map(readImage),
    negatives: fields.strings('negatives'),
    cover: fields.string('cover'),
  };
}

function readImage(fields: Fields): SampleImage {
  return {
    image: fields.string('image'),
    mask: fields.optionalString('mask'),
    shift: fields.optionalString('shift'),
    isSubject: fields.optionalBoolean('isSubject'),
  };
}

/** URL of a path in the manifest. */
export function sampleUrl({ baseUrl }: Pick<SampleManifest, 'baseUrl'>, path: string): string {
  return baseUrl + path.split('/').map(encodeURIComponent).join('/');
}

/** Fetch a file of the samples. @throws SampleError; the signal's reason */
export async function fetchSample(url: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SampleError(`${url} could not be fetched.`, { cause });
  }
  if (!response.ok) throw new SampleError(`${url} could not be fetched (status ${response.status}).`);
  return response;
}

/** One picture of a sample with what it is for. */
export interface SamplePicture extends SampleImage {
  role: PhotoRole;
}

/** All pictures of a sample in the order they are added: training, test, negatives. */
export function samplePictures({ train, test, negatives }: SampleSubject): SamplePicture[] {
  return [
    ...train.map((picture) => ({ ...picture, role: 'train' as const })),
    ...test.map((picture) => ({ ...picture, role: 'test' as const })),
    ...negatives.map((image) => ({ image, role: 'negative' as const })),
  ];
}
