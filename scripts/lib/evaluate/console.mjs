/** What `npm run evaluate` says in the terminal. */

export function headline({ scores: { overall } }) {
  const parts = [
    ['PR-AUC', overall.classification?.prAuc],
    ['NDCG', overall.retrieval?.ndcg],
    ['box mAP', overall.detection?.map],
    ['mask mAP', overall.segmentation?.map],
    ['patch AP', overall.patchAp],
  ];
  return parts
    .filter(([, value]) => value != null)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('  ');
}

export function printTable(finished) {
  const last = (recipe) => finished.some((cell) => cell.recipe === recipe && cell.positives);
  const recipes = [...new Set(finished.map(({ recipe }) => recipe))].sort(
    (a, b) => Number(last(a)) - Number(last(b)),
  );
  const mean = (values) => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : undefined);
  console.log('\nMeans over runs; report.html has them by subject and shift, with paired differences');
  for (const recipe of recipes) {
    const own = finished.filter((cell) => cell.recipe === recipe).map(({ scores: { overall } }) => overall);
    const at = (of) => mean(own.map(of).filter((value) => value != null));
    const overall = {
      classification: { prAuc: at((scores) => scores.classification?.prAuc) },
      retrieval: { ndcg: at((scores) => scores.retrieval?.ndcg) },
      detection: { map: at((scores) => scores.detection?.map) },
      segmentation: { map: at((scores) => scores.segmentation?.map) },
      patchAp: at((scores) => scores.patchAp),
    };
    console.log(
      `  ${recipe.padEnd(28)} ${String(own.length).padStart(3)} runs  ${headline({ scores: { overall } })}`,
    );
  }
}

/** Overwrite the last line. */
export function line(text) {
  process.stdout.write(`\r\x1b[K  ${text}`);
}
