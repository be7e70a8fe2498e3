/**
 * Where things are. Everything of a subject but its record is under `data/<subject>/`, so that deleting a
 * subject is one range.
 */
export const keys = {
  schema: 'schema',
  settings: 'settings/',
  setting: (name: string) => `settings/${name}`,
  subjects: 'subjects/',
  subject: (id: string) => `subjects/${id}`,
  allData: 'data/',
  data: (subjectId: string) => `data/${subjectId}/`,
  photos: (subjectId: string) => `data/${subjectId}/photo/`,
  photo: (subjectId: string, id: string) => `data/${subjectId}/photo/${id}`,
  blob: (subjectId: string, id: string) => `data/${subjectId}/blob/${id}`,
  masks: (subjectId: string) => `data/${subjectId}/mask/`,
  mask: (subjectId: string, photoId: string) => `data/${subjectId}/mask/${photoId}`,
  adapters: (subjectId: string) => `data/${subjectId}/adapter/`,
  adapter: (subjectId: string, id: string) => `data/${subjectId}/adapter/${id}`,
  adapterFiles: (subjectId: string, id: string) => `data/${subjectId}/adapter-file/${id}/`,
  runs: (subjectId: string) => `data/${subjectId}/run/`,
  run: (subjectId: string, id: string) => `data/${subjectId}/run/${id}`,
  checkpoint: (subjectId: string, runId: string) => `data/${subjectId}/checkpoint/${runId}`,
  samples: (subjectId: string, runId: string) => `data/${subjectId}/sample/${runId}/`,
  preference: (subjectId: string, name: string) => `data/${subjectId}/preference/${name}`,
  tensors: (subjectId: string, runId: string) => `data/${subjectId}/tensors/${runId}/`,
};

/** The parts of a key under `data/`. */
export function parseDataKey(key: string): { subjectId: string; kind: string; id: string } {
  const [, subjectId = '', kind = '', id = ''] = key.split('/');
  return { subjectId, kind, id };
}
