/** A table of scores before and after. */

const NAMES = {
  averagePrecision: 'AP of the subject among other pictures',
  score: 'similarity of test photos',
  patchAp: 'patch AP, reference map',
  iou: 'IoU, reference map',
  differencePatchAp: 'patch AP, object − background',
  differenceIou: 'IoU, object − background',
};

/** Print before, after and the difference. */
export function printScores(before, after) {
  if (Object.keys(NAMES).every((key) => before[key] === null || after[key] === null)) {
    console.log('  There are no test pictures, so nothing was scored.');
    return;
  }
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
