/** Averages of scores over pictures, and a table of before against after. */

const NAMES = {
  averagePrecision: 'AP of the subject among other pictures',
  score: 'similarity of test photos',
  patchAp: 'patch AP, reference map',
  iou: 'IoU, reference map',
  differencePatchAp: 'patch AP, object − background',
  differenceIou: 'IoU, object − background',
};

/** Mean of each score over the subject's pictures, and the average precision of ranking them above all others. */
export function averages(pictures) {
  const own = pictures.filter(({ isSubject }) => isSubject);
  const mean = (key) => {
    const values = own.map((picture) => picture[key]).filter((value) => typeof value === 'number');
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  };
  const result = { averagePrecision: averagePrecision(pictures) };
  for (const key of Object.keys(NAMES)) if (key !== 'averagePrecision') result[key] = mean(key);
  return result;
}

/** scikit-learn's average precision, ties taken together; null without positives or without others. */
export function averagePrecision(pictures) {
  const positives = pictures.filter(({ isSubject }) => isSubject).length;
  if (positives === 0 || positives === pictures.length) return null;
  const sorted = [...pictures].sort((a, b) => b.score - a.score);
  let [hits, seen, sum] = [0, 0, 0];
  for (let i = 0; i < sorted.length; ) {
    let group = 0;
    let end = i;
    for (; end < sorted.length && sorted[end].score === sorted[i].score; end++)
      if (sorted[end].isSubject) group++;
    seen += end - i;
    hits += group;
    sum += (group / positives) * (hits / seen);
    i = end;
  }
  return sum;
}

/** Print before, after and the difference. */
export function printScores(before, after) {
  console.log(`  ${''.padEnd(42)}before   after    change`);
  for (const [key, name] of Object.entries(NAMES)) {
    if (before[key] === null || after[key] === null) continue;
    const change = after[key] - before[key];
    const numbers = [
      before[key].toFixed(3),
      after[key].toFixed(3),
      `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(3)}`,
    ];
    console.log(`  ${name.padEnd(42)}${numbers.map((text) => text.padEnd(9)).join('')}`);
  }
}
