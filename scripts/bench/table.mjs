/** Text of the bench's tables. */

/**
 * Lines of a table: the first column and the last left-aligned, the others right-aligned.
 * @param {string} title
 * @param {string[]} head
 * @param {unknown[][]} rows each as long as the head
 * @returns {string[]}
 */
export function tableLines(title, head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const lines = all.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 || column === row.length - 1 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    );
    return `  ${cells.join('  ').trimEnd()}`;
  });
  return ['', title, ...lines];
}

/** Print a table. */
export function table(title, head, rows) {
  for (const line of tableLines(title, head, rows)) console.log(line);
}

/** `1 layer`, `2 layers`. */
export function count(many, what) {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}

/** Three significant digits or so. */
export function number(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

/** A share of 1 in percent. */
export function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}

/** Bytes in mebibytes. */
export function mebibytes(bytes) {
  return `${number(bytes / 2 ** 20)} MB`;
}
