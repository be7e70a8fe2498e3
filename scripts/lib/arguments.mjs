/**
 * Read `--name value` and `--flag` arguments.
 * @param {string[]} names options that are known; others are refused by name
 * @returns {Record<string, string | true>}
 */
export function readArguments(names, argv = process.argv.slice(2)) {
  const values = {};
  for (let i = 0; i < argv.length; i++) {
    const match = /^--([\w-]+)(?:=(.*))?$/.exec(argv[i]);
    if (!match || !names.includes(match[1])) {
      console.error(`Unknown argument ${argv[i]}. Known: ${names.map((name) => `--${name}`).join(' ')}`);
      process.exit(2);
    }
    const next = argv[i + 1];
    if (match[2] !== undefined) values[match[1]] = match[2];
    else if (next !== undefined && !next.startsWith('--')) values[match[1]] = argv[++i];
    else values[match[1]] = true;
  }
  return values;
}

/** A whole number of at least `minimum`, or undefined when the option is absent; stops the process otherwise. */
export function wholeNumber(values, name, minimum = 1) {
  if (values[name] === undefined) return undefined;
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < minimum) {
    console.error(`--${name} takes a whole number of at least ${minimum}, not ${values[name]}.`);
    process.exit(2);
  }
  return number;
}
