import type { L7Rule } from './model.js';

/**
 * How hosts and paths of an Ingress are written as L7 rules, and read back. One place, so that what the compiler writes
 * is what planner and matcher recognise.
 *
 * | wanted                               | rule                                                |
 * |--------------------------------------|-----------------------------------------------------|
 * | host `a.example.com`                 | HOST_NAME REGEX `^a\.example\.com(:[0-9]*)?$`       |
 * | hosts `a.example.com`, `b.example.com` | HOST_NAME REGEX `^(a|b)\.example\.com(:[0-9]*)?$` |
 * | host `*.example.com`                 | HOST_NAME REGEX `^[^.]+\.example\.com(:[0-9]*)?$`   |
 * | hosts `*.a.example`, `*.b.test`      | HOST_NAME REGEX `^[^.]+\.(a\.example|b\.test)(:[0-9]*)?$` |
 * | Exact `/foo`                         | PATH EQUAL_TO `/foo`                                |
 * | Exact `/foo`, Exact `/bar`           | PATH REGEX `^(/foo|/bar)$`                          |
 * | Prefix `/foo`                        | PATH REGEX `^/foo(/|$)`                             |
 * | Prefix `/foo`, Prefix `/bar`         | PATH REGEX `^(/foo|/bar)(/|$)`                      |
 * | Prefix `/foo`, Exact `/bar`          | PATH REGEX `^(/foo(/|$)|/bar$)`                     |
 * | Prefix `/`                           | none, or PATH STARTS_WITH `/` where there is no host rule, since a policy without rules matches nothing |
 *
 * HOST_NAME EQUAL_TO would miss `Host: a.example.com:8080`; PATH STARTS_WITH `/foo` would catch `/foobar`. Measured on
 * Octavia's HAProxy templates: HOST_NAME ignores case, PATH does not, and a host with a trailing dot is another host.
 */
export type HostForm =
  | { readonly kind: 'exact'; readonly host: string }
  /** One label and then the parent: `*.example.com` has the parent `example.com`. */
  | { readonly kind: 'wildcard'; readonly parent: string };

export type PathForm =
  | { readonly kind: 'exact'; readonly path: string }
  /** Element-wise prefix without trailing slash; `/` is every path. */
  | { readonly kind: 'prefix'; readonly path: string };

const ANY_LABEL = '^[^.]+\\.';
const OPTIONAL_PORT = '(:[0-9]*)?$';
const END_OF_ELEMENT = '(/|$)';
const END_OF_PATH = '$';

/** @param host lower case; `www.example.com` or `*.example.com` */
export function hostRule(host: string): L7Rule {
  return hostsRule([hostForm(host)]);
}

/** Any of some hosts: one at least, and either all exact or all wildcards. */
export function hostsRule(hosts: readonly HostForm[]): L7Rule {
  const start = hosts[0]?.kind === 'wildcard' ? ANY_LABEL : '^';
  const names = hosts.map((host) => (host.kind === 'exact' ? host.host : host.parent));
  const ending = commonEnding(names);
  const heads = alternation(names.map((name) => name.slice(0, name.length - ending.length)));
  return regexRule('HOST_NAME', `${start}${heads}${escapeRegex(ending)}${OPTIONAL_PORT}`);
}

export function exactPathRule(path: string): L7Rule {
  return { type: 'PATH', compareType: 'EQUAL_TO', value: path, invert: false };
}

/** @param path without trailing slash, and not `/`: that needs no rule, or {@link everyPathRule} */
export function prefixPathRule(path: string): L7Rule {
  return pathsRule([{ kind: 'prefix', path }]);
}

/** Any of some paths: one at least, and not Prefix `/`. */
export function pathsRule(paths: readonly PathForm[]): L7Rule {
  const exact = paths.filter(({ kind }) => kind === 'exact').map(({ path }) => path);
  const prefixes = paths.filter(({ kind }) => kind === 'prefix').map(({ path }) => path);
  const [only] = exact;
  if (paths.length === 1 && only !== undefined) return exactPathRule(only);
  const ends = [
    ...(prefixes.length === 0 ? [] : [`${alternation(prefixes)}${END_OF_ELEMENT}`]),
    ...(exact.length === 0 ? [] : [`${alternation(exact)}${END_OF_PATH}`]),
  ];
  return regexRule('PATH', ends.length === 1 ? `^${ends.join('')}` : `^(${ends.join('|')})`);
}

/** For a policy that would otherwise have no rule at all. */
export function everyPathRule(): L7Rule {
  return { type: 'PATH', compareType: 'STARTS_WITH', value: '/', invert: false };
}

/** `*.example.com` is a wildcard. */
export function hostForm(host: string): HostForm {
  return host.startsWith('*.') ? { kind: 'wildcard', parent: host.slice(2) } : { kind: 'exact', host };
}

/** The hosts that a rule asks for, if it is one of our forms (or a plain EQUAL_TO, as other programs write it). */
export function readHostRule(rule: L7Rule): readonly HostForm[] | undefined {
  if (rule.type !== 'HOST_NAME' || rule.invert) return undefined;
  const value = rule.value.toLowerCase();
  if (rule.compareType === 'EQUAL_TO') return isHostName(value) ? [{ kind: 'exact', host: value }] : undefined;
  if (rule.compareType !== 'REGEX' || !value.startsWith('^') || !value.endsWith(OPTIONAL_PORT)) return undefined;
  const wildcard = value.startsWith(ANY_LABEL);
  const body = value.slice(wildcard ? ANY_LABEL.length : 1, -OPTIONAL_PORT.length);
  const close = body.startsWith('(') ? body.lastIndexOf(')') : -1;
  const ending = unescapeRegex(body.slice(close + 1));
  const heads = close < 0 ? [''] : readAlternation(body.slice(0, close + 1));
  if (ending === undefined || heads === undefined) return undefined;
  const names = heads.map((head) => `${head}${ending}`);
  if (!names.every(isHostName)) return undefined;
  const hosts = names.map(
    (name): HostForm => (wildcard ? { kind: 'wildcard', parent: name } : { kind: 'exact', host: name }),
  );
  return close < 0 || hostsRule(hosts).value === value ? hosts : undefined;
}

/** No port among others, so that a host can be looked up by what is left of the request's when its port is cut off. */
function isHostName(text: string): boolean {
  return /^[a-z0-9._-]+$/.test(text);
}

/** The paths that a rule asks for, if it is one of our forms. */
export function readPathRule(rule: L7Rule): readonly PathForm[] | undefined {
  if (rule.type !== 'PATH' || rule.invert) return undefined;
  const { compareType, value } = rule;
  if (compareType === 'EQUAL_TO') return [{ kind: 'exact', path: value }];
  if (compareType === 'STARTS_WITH') return value === '/' ? [{ kind: 'prefix', path: '/' }] : undefined;
  if (compareType !== 'REGEX' || !/^\^\(*\//.test(value)) return undefined;
  const paths = readPathRegex(value.slice(1));
  // `^/(/|$)` is not every path but `/` and what starts with `//`.
  if (paths === undefined || paths.some(({ kind, path }) => kind === 'prefix' && path === '/')) return undefined;
  return pathsRule(paths).value === value ? paths : undefined;
}

function readPathRegex(body: string): readonly PathForm[] | undefined {
  // No text that is escaped holds this.
  const both = body.indexOf(`${END_OF_ELEMENT}|`);
  if (both >= 0) {
    const prefixes = readEnds(body.slice(1, both + END_OF_ELEMENT.length));
    const exact = readEnds(body.slice(both + END_OF_ELEMENT.length + 1, -1));
    return prefixes && exact && [...prefixes, ...exact];
  }
  return readEnds(body);
}

function readEnds(body: string): readonly PathForm[] | undefined {
  const kind = body.endsWith(END_OF_ELEMENT) ? 'prefix' : 'exact';
  const texts = readAlternation(body.slice(0, kind === 'prefix' ? -END_OF_ELEMENT.length : -END_OF_PATH.length));
  return texts?.every((text) => text.startsWith('/')) ? texts.map((path) => ({ kind, path })) : undefined;
}

function regexRule(type: 'HOST_NAME' | 'PATH', value: string): L7Rule {
  return { type, compareType: 'REGEX', value, invert: false };
}

/** The labels, with the dot before them, that several names end in, each with something left before them; '' for one name. */
function commonEnding(names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return '';
  for (let dot = first.indexOf('.', 1); dot > 0; dot = first.indexOf('.', dot + 1)) {
    const ending = first.slice(dot);
    if (others.every((name) => name.length > ending.length && name.endsWith(ending))) return ending;
  }
  return '';
}

function alternation(texts: readonly string[]): string {
  const [first = '', ...others] = texts.map(escapeRegex);
  return others.length === 0 ? first : `(${[first, ...others].join('|')})`;
}

/** The texts that {@link alternation} made this of, if it did. */
function readAlternation(pattern: string): readonly string[] | undefined {
  const several = pattern.startsWith('(') && pattern.endsWith(')');
  const texts: string[] = [];
  for (const part of several ? (pattern.slice(1, -1).match(/(?:\\.|[^\\|])+/g) ?? []) : [pattern]) {
    const text = unescapeRegex(part);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

/** Means the same to Python (Octavia checks with it), PCRE (HAProxy runs it) and JavaScript. */
function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The text that {@link escapeRegex} made this of; undefined if it is a regex of another kind. */
function unescapeRegex(pattern: string): string | undefined {
  const text = pattern.replace(/\\(.)/g, '$1');
  return escapeRegex(text) === pattern ? text : undefined;
}
