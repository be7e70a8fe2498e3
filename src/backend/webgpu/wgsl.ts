import { KernelError } from '../errors.ts';

/** Compile-time constants of a kernel, substituted for `${NAME}` and tested by `#if`. */
export type WgslConstants = Record<string, number | string | boolean>;

/**
 * Take one part of a shader file: the lines before the first `#part NAME` (shared by all parts) and the lines of that
 * part. Forward and backward of a thing so live in one file.
 * @throws KernelError when the file has no such part.
 */
export function selectPart(source: string, part: string | undefined): string {
  const [shared, ...parts] = source.split(/^#part /m);
  if (part === undefined) {
    if (parts.length) throw new KernelError('the shader has parts; name one');
    return source;
  }
  const body = parts.find((text) => text.slice(0, text.indexOf('\n')).trim() === part);
  if (body === undefined) throw new KernelError(`the shader has no part ${part}`);
  return shared + body.slice(body.indexOf('\n') + 1);
}

/**
 * Expand a WGSL template. Three directives, each on a line of its own:
 *
 *     #if NAME / #if !NAME / #else / #endif      keep lines when a constant is truthy
 *     #for i FROM TO ... #end                    repeat for FROM <= i < TO (both may be `${...}` expressions)
 *     ${expression}                              constants and loop variables with + - * / % and parentheses
 *
 * Unrolling by text matters: accumulators addressed by a run-time index run several times slower than named ones.
 * @throws KernelError naming the unknown constant or the unclosed directive.
 */
export function expandWgsl(source: string, constants: WgslConstants = {}): string {
  const lines = source.split('\n');
  const output: string[] = [];
  expandRange(lines, 0, lines.length, { ...constants }, output);
  return output.join('\n');
}

function expandRange(
  lines: string[],
  from: number,
  to: number,
  scope: WgslConstants,
  output: string[],
): void {
  for (let i = from; i < to; i++) {
    const line = lines[i]!.trim();
    if (line.startsWith('#if ')) {
      const { middle, end } = findClosing(lines, i, to, '#if ', '#endif');
      const [name, negated] = parseCondition(line.slice(4).trim());
      const value = scope[name];
      if (value === undefined) throw new KernelError(`#if ${name}: no such constant`);
      if (Boolean(value) !== negated) expandRange(lines, i + 1, middle ?? end, scope, output);
      else if (middle !== undefined) expandRange(lines, middle + 1, end, scope, output);
      i = end;
    } else if (line.startsWith('#for ')) {
      const { end } = findClosing(lines, i, to, '#for ', '#end');
      const match = /^#for (\w+) (\S+) (\S+)$/.exec(line);
      if (!match) throw new KernelError(`malformed directive: ${line}`);
      const [, variable, first, last] = match;
      const stop = evaluate(substitute(last!, scope), scope);
      for (let n = evaluate(substitute(first!, scope), scope); n < stop; n++) {
        expandRange(lines, i + 1, end, { ...scope, [variable!]: n }, output);
      }
      i = end;
    } else {
      output.push(substitute(lines[i]!, scope));
    }
  }
}

function parseCondition(text: string): [name: string, negated: boolean] {
  return text.startsWith('!') ? [text.slice(1).trim(), true] : [text, false];
}

function findClosing(lines: string[], from: number, to: number, open: string, close: string) {
  let depth = 0;
  let middle: number | undefined;
  for (let i = from; i < to; i++) {
    const line = lines[i]!.trim();
    if (line.startsWith(open)) depth++;
    else if (line === '#else' && open === '#if ' && depth === 1) middle = i;
    else if (line === close && --depth === 0) return { middle, end: i };
  }
  throw new KernelError(`no ${close} for: ${lines[from]}`);
}

function substitute(line: string, scope: WgslConstants): string {
  return line.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    const name = expression.trim();
    const direct = scope[name];
    if (typeof direct === 'string') return direct;
    return String(evaluate(name, scope));
  });
}

/** Arithmetic on integers and constants; written out because the content security policy forbids `eval`. */
function evaluate(expression: string, scope: WgslConstants): number {
  const tokens = expression.match(/\d+(?:\.\d+)?|\w+|[-+*/%()]/g) ?? [];
  let position = 0;
  const factor = (): number => {
    const token = tokens[position++];
    if (token === undefined) throw new KernelError(`incomplete expression: ${expression}`);
    if (token === '-') return -factor();
    if (token === '(') {
      const value = sum();
      if (tokens[position++] !== ')') throw new KernelError(`missing ) in: ${expression}`);
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    const value = scope[token];
    if (value === undefined) throw new KernelError(`unknown constant ${token} in \${${expression}}`);
    return Number(value);
  };
  const product = (): number => {
    let value = factor();
    for (let token = tokens[position]; token && '*/%'.includes(token); token = tokens[position]) {
      position++;
      const right = factor();
      value = token === '*' ? value * right : token === '/' ? Math.floor(value / right) : value % right;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let token = tokens[position]; token === '+' || token === '-'; token = tokens[position]) {
      position++;
      value = token === '+' ? value + product() : value - product();
    }
    return value;
  };
  const value = sum();
  if (position !== tokens.length) throw new KernelError(`cannot read expression: ${expression}`);
  return value;
}
