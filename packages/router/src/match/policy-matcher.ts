import type { L7Policy, L7Rule } from '../model.js';
import { parentOf, prefixCovers } from '../policy-shape.js';
import { type HostForm, type PathForm, readHostRule, readPathRule } from '../rule-forms.js';
import { cookieValues, headerOf, headerValues, type RouteRequest, withoutPort } from './request.js';

/** Does a request satisfy a rule, `invert` included? */
type RuleMatcher = (request: RouteRequest) => boolean;

/** A policy with its regexes compiled. */
export interface PolicyMatcher {
  readonly policy: L7Policy;
  /** In the order of `policy.rules`. */
  readonly rules: readonly RuleMatcher[];
  /** A disabled policy and one without rules match nothing. */
  readonly matches: RuleMatcher;
}

const matchers = new WeakMap<L7Policy, PolicyMatcher>();

/** Policies are immutable, so each is compiled once, however often an index is built from it. */
export function policyMatcher(policy: L7Policy): PolicyMatcher {
  let matcher = matchers.get(policy);
  if (matcher === undefined) {
    matcher = compilePolicy(policy);
    matchers.set(policy, matcher);
  }
  return matcher;
}

function compilePolicy(policy: L7Policy): PolicyMatcher {
  const rules = policy.rules.map(compileRule);
  const live = policy.enabled && rules.length > 0;
  return { policy, rules, matches: live ? (request) => rules.every((rule) => rule(request)) : () => false };
}

function compileRule(rule: L7Rule): RuleMatcher {
  const holds = comparison(rule);
  // A router refuses a regex that it cannot compile, so a rule with one matches nothing, inverted or not.
  if (holds === undefined) return () => false;
  const { key = '' } = rule;
  const asked = ((): RuleMatcher => {
    switch (rule.type) {
      case 'HOST_NAME':
        return ({ host }) => host !== '' && holds(host.toLowerCase());
      case 'PATH':
      case 'FILE_TYPE':
        return ({ path }) => holds(path);
      case 'HEADER':
        return (request) => headerValues(headerOf(request, key.toLowerCase())).some(holds);
      case 'COOKIE':
        return (request) => cookieValues(headerOf(request, 'cookie'), key).some(holds);
    }
  })();
  return rule.invert ? (request) => !asked(request) : asked;
}

/**
 * How Octavia's templates have HAProxy compare (`macros.j2`): a regex is searched for, not anchored; HOST_NAME ignores
 * case; FILE_TYPE asks for the end of the path, or with REGEX for the regex in it. Undefined for an invalid regex.
 */
function comparison(rule: L7Rule): ((actual: string) => boolean) | undefined {
  const { type, compareType, value } = rule;
  const expected = type === 'HOST_NAME' ? value.toLowerCase() : value;
  if (compareType === 'REGEX') return regexComparison(rule);
  if (type === 'FILE_TYPE' || compareType === 'ENDS_WITH') return (actual) => actual.endsWith(expected);
  if (compareType === 'STARTS_WITH') return (actual) => actual.startsWith(expected);
  if (compareType === 'CONTAINS') return (actual) => actual.includes(expected);
  return (actual) => actual === expected;
}

/** The forms that Ingresses come to are compared as text: thousands of regexes cost memory, and time to compile each. */
function regexComparison(rule: L7Rule): ((actual: string) => boolean) | undefined {
  const form = { ...rule, invert: false };
  const [host, ...hosts] = (readHostRule(form) ?? []).map(hostComparison);
  if (host !== undefined) return eitherOf(host, hosts, withoutPort);
  const [path, ...paths] = (readPathRule(form) ?? []).map(pathComparison);
  if (path !== undefined) return eitherOf(path, paths);
  try {
    const regex = new RegExp(rule.value, rule.type === 'HOST_NAME' ? 'i' : '');
    return (actual) => regex.test(actual);
  } catch {
    return undefined;
  }
}

type Comparison = (actual: string) => boolean;

function eitherOf(first: Comparison, others: readonly Comparison[], read = (actual: string) => actual): Comparison {
  return (actual) => {
    const text = read(actual);
    return first(text) || others.some((holds) => holds(text));
  };
}

/** Of a host without port. */
export function hostComparison(form: HostForm): Comparison {
  return form.kind === 'exact' ? (host) => host === form.host : (host) => parentOf(host) === form.parent;
}

export function pathComparison(form: PathForm): Comparison {
  return form.kind === 'exact' ? (path) => path === form.path : (path) => prefixCovers(form.path, path);
}
