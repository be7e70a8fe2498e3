/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A cell of a table: text, or text with a class and a tooltip. */
export type TableCell = string | { text: string; className?: string; title?: string };

/** A table; everything is escaped. The first column is a heading of its row. */
export function table(head: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  const headings = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, i) => tableCell(cell, i === 0)).join('')}</tr>`)
    .join('\n');
  return `<div class="wide"><table><thead><tr>${headings}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function tableCell(cell: TableCell, heading: boolean): string {
  const { text, className, title } = typeof cell === 'string' ? { text: cell } : cell;
  const tag = heading ? 'th scope="row"' : 'td';
  const marks = [className && ` class="${escapeHtml(className)}"`, title && ` title="${escapeHtml(title)}"`];
  return `<${tag}${marks.filter(Boolean).join('')}>${escapeHtml(text)}</${heading ? 'th' : 'td'}>`;
}

/** Style of a report: light and dark, readable on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #1f7a3d; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --good: #7fd39a; --bad: #ff9d94; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p.about { opacity: .75; margin: .25rem 0; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; position: sticky; left: 0; background: Canvas; max-width: 45vw; white-space: normal; }
thead th { font-weight: 600; vertical-align: bottom; white-space: normal; }
tbody th { font-weight: 500; } .good { color: var(--good); } .bad { color: var(--bad); }
figure { margin: 1rem 0; } figure img { max-width: 100%; border-radius: 6px; } figcaption { font-size: .9rem; opacity: .8; }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 1rem; }
.scale { display: flex; align-items: center; gap: .5rem; font-size: .8rem; font-variant-numeric: tabular-nums; }
.scale span { flex: 1; height: .6rem; border-radius: 3px; }
pre { overflow-x: auto; font-size: .85rem; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; }
ul { padding-left: 1.2rem; } figure.plot { overflow-x: auto; margin: .5rem 0; }
`;
