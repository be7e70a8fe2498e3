import { beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/client.ts';
import type { EncoderInfo } from '../../engine/protocol.ts';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import type { Subject } from '../../library/types.ts';
import { countingAdapter, goldenConfig } from '../../models/peft/testing/fixtures.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { localEncoderId } from '../../models/weights/encoderId.ts';
import { readImport, storeImport } from './adapterImport.ts';
import {
  adapterFiles,
  adaptersStore,
  adoptAdapter,
  applyAdapter,
  applyNewest,
  fitOf,
  storeAdapter,
} from './adapters.ts';
import { engineStore } from './engine.ts';
import { evaluableAdapters } from './evaluation.ts';
import { libraryStore, openSubject, refresh, theLibrary } from './library.ts';

const MINE = localEncoderId('files', '0123456789ab');
const RENAMED = localEncoderId('elsewhere', '0123456789ab');
const OTHER = localEncoderId('files', 'ba9876543210');

/** What the engine was given last. */
let inEngine: LoraAdapter | null;
let rex: Subject;

const engine = {
  setAdapter: async (adapter: LoraAdapter | null) => {
    inEngine = adapter;
  },
} as unknown as Engine;

/** What `loadEncoder` leaves behind: the engine forgets the adapter. */
function loadEncoder(id: string): void {
  inEngine = null;
  engineStore.setState({ engine, encoder: { id, config: goldenConfig() } as EncoderInfo });
}

const trainedFor = (baseModel: string): LoraAdapter => ({
  ...countingAdapter(goldenConfig(), [1]),
  baseModel,
});

/** The files of an adapter as another tool wrote them. */
function filesFor(base: unknown, edit: (json: Record<string, unknown>) => object = (json) => json): File[] {
  return Object.entries(adapterFiles(trainedFor('embedded'))).map(([name, bytes]) => {
    if (!name.endsWith('.json')) return new File([bytes], name);
    const json = { ...JSON.parse(new TextDecoder().decode(bytes)), base_model_name_or_path: base };
    return new File([JSON.stringify(edit(json))], name);
  });
}

/** What the page shows after a reload: nothing in the engine, then the newest that fits. */
async function reload(id: string): Promise<void> {
  adaptersStore.setState({ appliedId: null });
  loadEncoder(id);
  await refresh();
  await applyNewest();
}

const records = () => libraryStore.getState().adapters;

beforeEach(async () => {
  loadEncoder('embedded');
  adaptersStore.setState({ appliedId: null });
  libraryStore.setState({ library: await openLibrary({ store: new MemoryStore() }) });
  rex = await theLibrary().subjects.create({ name: 'Rex', className: 'dog' });
  await openSubject(rex.id);
});

describe('an imported adapter', () => {
  it.each([
    [null],
    [undefined],
    [''],
    ['/home/me/models/dinov2'],
    ['local:files'],
  ])('that names no encoder (%j) is taken for the one in use, and stays in use after a reload', async (base) => {
    const read = await readImport(filesFor(base));
    expect(read.fit).toBe('unnamed');
    const said = await storeImport(rex.id, read, false);
    expect(said).toMatch(/^The adapter is imported and in use\. It does not say which encoder/);
    expect(said).toContain('the built-in encoder');
    expect(records().map(({ encoderId }) => encoderId)).toEqual(['embedded']);
    await reload('embedded');
    expect(adaptersStore.getState().appliedId).toBe(records()[0]!.id);
    expect(inEngine!.tensors).toEqual(trainedFor('embedded').tensors);
    expect(evaluableAdapters()).toHaveLength(1);
    const files = await theLibrary().adapters.files(records()[0]!);
    expect(JSON.parse(new TextDecoder().decode(files['adapter_config.json']))).toMatchObject({
      base_model_name_or_path: 'embedded',
    });
  });

  it('of the encoder in use is in use, and that is all that is said', async () => {
    loadEncoder(RENAMED);
    const said = await storeImport(rex.id, await readImport(filesFor(MINE)), false);
    expect(said).toBe('The adapter is imported and in use.');
    await reload(MINE);
    expect(adaptersStore.getState().appliedId).toBe(records()[0]!.id);
  });

  it('of another encoder is kept for that one and not used', async () => {
    const read = await readImport(filesFor('facebook/dinov2-small'));
    expect(read.fit).toBe('other');
    const said = await storeImport(rex.id, read, true);
    expect(said).toBe(
      'The adapter is imported. It was made for facebook/dinov2-small: load that encoder to use it.',
    );
    expect(adaptersStore.getState().appliedId).toBeNull();
    expect(inEngine).toBeNull();
    await reload('embedded');
    expect(inEngine).toBeNull();
    await reload('facebook/DINOv2-small');
    expect(inEngine).not.toBeNull();
  });

  it('of another encoder is used where the user says so, and stays', async () => {
    const said = await storeImport(rex.id, await readImport(filesFor(OTHER)), false);
    expect(said).toBe(
      'The adapter is imported and in use. It was made for files (files ba98…) and is taken for the built-in encoder.',
    );
    await reload('embedded');
    expect(inEngine).not.toBeNull();
  });

  it('says what was left out', async () => {
    const extra = new File(['x'], 'adapter_model (1).safetensors');
    const said = await storeImport(rex.id, await readImport([...filesFor('embedded'), extra]), false);
    expect(said).toContain('Left out beside adapter_model.safetensors: adapter_model (1).safetensors.');
  });

  it('is refused where its shapes are not those of the encoder', async () => {
    const config = { ...goldenConfig(), width: 128 };
    engineStore.setState({ encoder: { id: 'embedded', config } as EncoderInfo });
    await expect(readImport(filesFor(null))).rejects.toThrow(
      /this encoder and the rank .* ask for \[3, 128\]/,
    );
  });

  it('comes out of a zip, and a damaged zip is named', async () => {
    const { zipSync } = await import('fflate');
    const entries = Object.entries(adapterFiles(trainedFor('embedded')));
    const zip = zipSync(Object.fromEntries(entries.map(([name, bytes]) => [`rex/${name}`, bytes])));
    const read = await readImport([new File([zip as Uint8Array<ArrayBuffer>], 'rex.zip')]);
    expect(read.adapter).toEqual(trainedFor('embedded'));
    await expect(readImport([new File(['x'], 'rex.zip')])).rejects.toThrow('rex.zip: it is no zip');
  });
});

describe('a stored adapter', () => {
  it('is not applied to an encoder that it was not made for', async () => {
    loadEncoder(MINE);
    const { record, applied } = await storeAdapter(rex.id, trainedFor(MINE), { name: 'a', settings: null });
    expect(applied).toBe(true);
    loadEncoder(OTHER);
    expect(adaptersStore.getState().appliedId).toBeNull();
    await expect(applyAdapter(record)).rejects.toThrow(
      'It was made for files (files 0123…). Load that encoder',
    );
    await applyNewest();
    expect(inEngine).toBeNull();
    expect(evaluableAdapters()).toEqual([]);
    const late = await storeAdapter(rex.id, trainedFor(MINE), { name: 'b', settings: null });
    expect(late.applied).toBe(false);
    expect([inEngine, adaptersStore.getState().appliedId]).toEqual([null, null]);
    loadEncoder(RENAMED);
    await applyNewest();
    expect(adaptersStore.getState().appliedId).toBe(late.record.id);
  });

  it('is applied again when its encoder is loaded once more', async () => {
    const { record } = await storeAdapter(rex.id, trainedFor('embedded'), { name: 'a', settings: null });
    loadEncoder('embedded');
    expect(adaptersStore.getState().appliedId).toBeNull();
    await applyNewest();
    expect(adaptersStore.getState().appliedId).toBe(record.id);
    expect(inEngine).not.toBeNull();
  });

  it('from before encoders had digests is used when it is asked for, and belongs to the encoder from then on', async () => {
    loadEncoder(MINE);
    const { record } = await storeAdapter(rex.id, trainedFor('local:files'), { name: 'old', settings: null });
    await applyNewest();
    expect([fitOf(record), inEngine]).toEqual(['unnamed', null]);
    await expect(applyAdapter(record)).rejects.toThrow('does not say which encoder');
    await adoptAdapter(record);
    expect(adaptersStore.getState().appliedId).toBe(record.id);
    await reload(RENAMED);
    expect(adaptersStore.getState().appliedId).toBe(record.id);
    expect(records().map(({ id, name, encoderId }) => [id, name, encoderId])).toEqual([
      [record.id, 'old', MINE],
    ]);
    expect(inEngine!.baseModel).toBe(MINE);
  });

  it('from before is not adopted by an encoder of other shapes', async () => {
    loadEncoder(MINE);
    const { record } = await storeAdapter(rex.id, trainedFor('local:files'), { name: 'old', settings: null });
    const config = { ...goldenConfig(), layers: 1 };
    engineStore.setState({ encoder: { id: OTHER, config } as EncoderInfo });
    await expect(adoptAdapter(record)).rejects.toThrow('in layer 1, but the encoder has 1 layers');
    expect(records()[0]!.encoderId).toBe('local:files');
    expect(inEngine).toBeNull();
  });
});
