/**
 * The two dialects that a regex rule meets: Octavia's API tries it with Python's `re`, HAProxy compiles it with PCRE.
 * Neither is at hand here; what differs from JavaScript's and is likely in a rule is translated or refused.
 */

const POSIX_CLASSES: readonly (string | undefined)[] =
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' ');

/** @returns why Python's `re` refuses the pattern; undefined where it takes it */
export function pythonProblem(pattern: string): string | undefined {
  const badEscape = /(?:^|[^\\])(?:\\\\)*(\\[ceghijklmopqyCEFGHIJKLMOPQRTVXY])/.exec(pattern);
  if (badEscape !== null) return `bad escape ${badEscape[1]} at position ${pattern.indexOf(badEscape[1] ?? '')}`;
  if (/[^(]\(\?[aiLmsux]+\)/.test(pattern) || /^[^(].*\(\?[aiLmsux]+\)/.test(pattern)) {
    return `global flags not at the start of the expression at position ${pattern.search(/\(\?[aiLmsux]+\)/)}`;
  }
  return problem(toJavaScript(pattern).replaceAll('(?P<', '(?<'));
}

/** @returns why HAProxy's PCRE refuses the pattern; undefined where it takes it */
export function pcreProblem(pattern: string): string | undefined {
  const unsupported = /(?:^|[^\\])(?:\\\\)*(\\[LlNUu])/.exec(pattern);
  if (unsupported !== null) return `PCRE does not support ${unsupported[1]}`;
  // HAProxy 3.0 compiles without captures.
  if (/(?:^|[^\\])(?:\\\\)*\\[1-9]/.test(pattern)) return 'reference to non-existent subpattern';
  const collating = /(?:^|[^\\])(?:\\\\)*\[([.=])[^\]]*\1\]/.test(pattern);
  if (collating) return 'POSIX collating elements are not supported';
  const named = /\[\[:\^?([^\]]*):\]/.exec(pattern)?.[1];
  if (named !== undefined && !POSIX_CLASSES.includes(named)) return 'unknown POSIX class name';
  const isTooBig = [...pattern.matchAll(/\{(\d*),?(\d*)\}/g)].some(
    ([, a, b]) => Math.max(Number(a), Number(b)) > 65_535,
  );
  if (isTooBig) return 'number too big in {} quantifier';
  return problem(toJavaScript(pattern));
}

function toJavaScript(pattern: string): string {
  return pattern
    .replace(/^\(\?[aimsx]+\)/, '')
    .replaceAll('\\A', '^')
    .replaceAll(/\\[Zz]/g, '$')
    .replaceAll(/([*+?}])\+/g, '$1')
    .replaceAll('(?>', '(?:');
}

function problem(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
