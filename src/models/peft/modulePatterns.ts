/** An entry of `rank_pattern` or `alpha_pattern`. */
export interface ModulePattern {
  /** As it is in the file. */
  pattern: string;
  /** What a module's path must match; see `moduleExpression`. */
  expression: RegExp;
  value: number;
}

/**
 * The regular expression by which PEFT finds the modules of a pattern: the whole path, or what follows a dot in it
 * (`get_pattern_key`). Undefined for what is no regular expression.
 */
export function moduleExpression(pattern: string): RegExp | undefined {
  try {
    // Python writes named groups with a P. The groups are PEFT's, so that references by number stay right.
    return new RegExp(`^(.*\\.)?(${pattern.replaceAll('(?P<', '(?<')})$`);
  } catch {
    return undefined;
  }
}

/**
 * The first pattern that matches a module. A module goes by several names; the one in its file comes first.
 * @param names paths, as PEFT sees them
 */
export function findPattern(
  patterns: readonly ModulePattern[],
  names: readonly string[],
): ModulePattern | undefined {
  for (const name of names) {
    const found = patterns.find(({ expression }) => expression.test(name));
    if (found) return found;
  }
  return undefined;
}
