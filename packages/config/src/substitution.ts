const REFERENCE = /\$(?:(\$)|([_a-z][._a-z0-9]*)|\{([_a-z][._a-z0-9]*)\})/gi;

export interface Substitution {
  readonly text: string;
  /** Names that stand for nothing; they are left in the text as they were written. */
  readonly unknown: readonly string[];
}

/**
 * Replaces `$option`, `${option}` and `${group.option}` by values; `$$` and `\$` stand for a dollar sign, any other
 * dollar sign for itself (Python's `string.Template.safe_substitute`, as oslo.config uses it).
 * @param lookup gives the value of a name as text, or undefined where no option has that name
 */
export function substitute(text: string, lookup: (name: string) => string | undefined): Substitution {
  const unknown: string[] = [];
  const replaced = text
    .replaceAll('\\$', '$$$$')
    .replace(REFERENCE, (whole, escaped?: string, bare?: string, braced?: string) => {
      if (escaped !== undefined) return '$';
      const name = bare ?? braced ?? '';
      const value = lookup(name);
      if (value === undefined) unknown.push(name);
      return value ?? whole;
    });
  return { text: replaced, unknown };
}

/** The text that {@link substitute} turns into this one. `\$` and not `$$`, which would be misread after a backslash. */
export function escapeSubstitution(text: string): string {
  return text.replaceAll('$', '\\$');
}
