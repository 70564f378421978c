import type { L7Rule } from './model.js';

/**
 * How hosts and paths of an Ingress are written as L7 rules, and read back. One place, so that what the compiler writes
 * is what planner and matcher recognise.
 *
 * | wanted               | rule                                              |
 * |----------------------|---------------------------------------------------|
 * | host `a.example.com` | HOST_NAME REGEX `^a\.example\.com(:[0-9]+)?$`     |
 * | host `*.example.com` | HOST_NAME REGEX `^[^.]+\.example\.com(:[0-9]+)?$` |
 * | Exact `/foo`         | PATH EQUAL_TO `/foo`                              |
 * | Prefix `/foo`        | PATH REGEX `^/foo(/|$)`                           |
 * | Prefix `/`           | none, or PATH STARTS_WITH `/` where there is no host rule, since a policy without rules matches nothing |
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
const OPTIONAL_PORT = '(:[0-9]+)?$';
const END_OF_ELEMENT = '(/|$)';

/** @param host lower case; `www.example.com` or `*.example.com` */
export function hostRule(host: string): L7Rule {
  const start = host.startsWith('*.') ? `${ANY_LABEL}${escapeRegex(host.slice(2))}` : `^${escapeRegex(host)}`;
  return { type: 'HOST_NAME', compareType: 'REGEX', value: `${start}${OPTIONAL_PORT}`, invert: false };
}

export function exactPathRule(path: string): L7Rule {
  return { type: 'PATH', compareType: 'EQUAL_TO', value: path, invert: false };
}

/** @param path without trailing slash, and not `/`: that needs no rule, or {@link everyPathRule} */
export function prefixPathRule(path: string): L7Rule {
  return { type: 'PATH', compareType: 'REGEX', value: `^${escapeRegex(path)}${END_OF_ELEMENT}`, invert: false };
}

/** For a policy that would otherwise have no rule at all. */
export function everyPathRule(): L7Rule {
  return { type: 'PATH', compareType: 'STARTS_WITH', value: '/', invert: false };
}

/** The host that a rule asks for, if it is one of our forms (or a plain EQUAL_TO, as other programs write it). */
export function readHostRule(rule: L7Rule): HostForm | undefined {
  if (rule.type !== 'HOST_NAME' || rule.invert) return undefined;
  const value = rule.value.toLowerCase();
  if (rule.compareType === 'EQUAL_TO') return isHostName(value) ? { kind: 'exact', host: value } : undefined;
  if (rule.compareType !== 'REGEX' || !value.endsWith(OPTIONAL_PORT)) return undefined;
  const body = value.slice(0, -OPTIONAL_PORT.length);
  if (body.startsWith(ANY_LABEL)) {
    const parent = unescapeRegex(body.slice(ANY_LABEL.length));
    return isHostName(parent) ? { kind: 'wildcard', parent } : undefined;
  }
  const host = body.startsWith('^') ? unescapeRegex(body.slice(1)) : undefined;
  return isHostName(host) ? { kind: 'exact', host } : undefined;
}

/** No port among others, so that a host can be looked up by what is left of the request's when its port is cut off. */
function isHostName(text: string | undefined): text is string {
  return text !== undefined && /^[a-z0-9._-]+$/.test(text);
}

/** The path that a rule asks for, if it is one of our forms. */
export function readPathRule(rule: L7Rule): PathForm | undefined {
  if (rule.type !== 'PATH' || rule.invert) return undefined;
  const { compareType, value } = rule;
  if (compareType === 'EQUAL_TO') return { kind: 'exact', path: value };
  if (compareType === 'STARTS_WITH') return value === '/' ? { kind: 'prefix', path: '/' } : undefined;
  if (compareType !== 'REGEX' || !value.startsWith('^/') || !value.endsWith(END_OF_ELEMENT)) return undefined;
  const path = unescapeRegex(value.slice(1, -END_OF_ELEMENT.length));
  // `^/(/|$)` is not every path but `/` and what starts with `//`.
  return path === undefined || path === '/' ? undefined : { kind: 'prefix', path };
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
