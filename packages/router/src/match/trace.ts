import { actionClass } from '../action-class.js';
import type { L7Policy, L7Rule } from '../model.js';
import { hostText, policyOrder } from '../policy-order.js';
import { policyShape } from '../policy-shape.js';
import type { HostForm, PathForm } from '../rule-forms.js';
import { hostComparison, pathComparison, policyMatcher } from './policy-matcher.js';
import { type RouteRequest, withoutPort } from './request.js';

/**
 * `wins`: takes the request. `outranked`: would take it, but the winner comes first. `otherHost`: its host only resembles
 * the request's. `otherPath`, `otherCondition`: its host fits, its path or another rule does not. `disabled`: would match.
 * `noRules`: matches nothing, as routers have it.
 */
export type Verdict = 'wins' | 'outranked' | 'otherHost' | 'otherPath' | 'otherCondition' | 'disabled' | 'noRules';

export interface TraceEntry {
  readonly policy: L7Policy;
  readonly verdict: Verdict;
  /** Completes the sentence "Policy x ...". */
  readonly reason: string;
}

/** Why the winner won, and why those that a person might have expected did not. Other policies are left out. */
export function explain(
  inOrder: readonly L7Policy[],
  winner: L7Policy | undefined,
  request: RouteRequest,
): readonly TraceEntry[] {
  return inOrder.flatMap((policy): readonly TraceEntry[] => {
    const entry = policy === winner ? wins(policy, request) : explainLoser(policy, winner, request);
    return entry === undefined ? [] : [{ policy, ...entry }];
  });
}

type Explanation = Pick<TraceEntry, 'verdict' | 'reason'>;

function wins(policy: L7Policy, request: RouteRequest): Explanation {
  const { hosts = [], paths = [] } = policyShape(policy);
  const others = [
    ...(hosts.length > 1 ? [`${hosts.length} hosts`] : []),
    ...(paths.length > 1 ? [`${paths.length} paths`] : []),
  ];
  const shared = others.length === 0 ? '' : `, as one of ${others.join(' and ')} that share the policy`;
  return { verdict: 'wins', reason: `takes ${describe(fitOf(policy, request))}${shared}` };
}

function explainLoser(policy: L7Policy, winner: L7Policy | undefined, request: RouteRequest): Explanation | undefined {
  if (policy.rules.length === 0)
    return { verdict: 'noRules', reason: 'has no rules, and such a policy matches nothing' };
  const { rules } = policyMatcher(policy);
  const failing = policy.rules.filter((_rule, index) => rules[index]?.(request) === false);
  const host = failing.find(({ type }) => type === 'HOST_NAME');
  if (host !== undefined) {
    const near = firstOf(policyShape(policy).hosts, (form) => nearMiss(form, request.host));
    return near === undefined ? undefined : { verdict: 'otherHost', reason: near };
  }
  const path = failing.find(({ type }) => type === 'PATH' || type === 'FILE_TYPE');
  if (path !== undefined) return { verdict: 'otherPath', reason: `wants ${conditionOf(path)}, not ${request.path}` };
  const other = failing[0];
  if (other !== undefined) return { verdict: 'otherCondition', reason: `wants ${conditionOf(other)}` };
  if (!policy.enabled) return { verdict: 'disabled', reason: 'would match, but is disabled' };
  return winner === undefined
    ? undefined
    : { verdict: 'outranked', reason: `would match, but ${precedence(policy, winner, request)}` };
}

/** Why the winner comes first. */
function precedence(loser: L7Policy, winner: L7Policy, request: RouteRequest): string {
  if (actionClass(loser.action) !== actionClass(winner.action)) {
    return `${winner.action} policies are evaluated before ${loser.action} policies, whatever their positions`;
  }
  const [lost, won] = [fitOf(loser, request), fitOf(winner, request)];
  if (policyOrder(loser).band > policyOrder(winner).band) return `${hostOf(lost)} is less specific than ${hostOf(won)}`;
  const sameHost = hostOf(lost) === hostOf(won);
  if (sameHost && won.path?.kind === 'exact' && lost.path?.kind !== 'exact') return 'an Exact path goes before others';
  if (sameHost && won.path !== undefined && lost.path === undefined)
    return 'it takes only what no path of the host takes';
  if (sameHost && won.path?.kind === 'prefix' && lost.path?.kind === 'prefix') {
    if (lost.path.path.length < won.path.path.length) return `Prefix ${won.path.path} is longer`;
  }
  return `policy ${winner.key} comes first in the router's order`;
}

/** The host and the path of a policy that a request fits; absent where the policy is for any. */
interface Fit {
  readonly host?: HostForm;
  readonly path?: PathForm;
}

function fitOf(policy: L7Policy, request: RouteRequest): Fit {
  const { hosts, paths } = policyShape(policy);
  const requested = withoutPort(request.host.toLowerCase());
  const host = hosts?.find((form) => hostComparison(form)(requested));
  const fitting = paths?.filter((form) => pathComparison(form)(request.path)) ?? [];
  const path = fitting.find(({ kind }) => kind === 'exact') ?? longest(fitting);
  return { ...(host && { host }), ...(path && { path }) };
}

function longest(paths: readonly PathForm[]): PathForm | undefined {
  return paths.toSorted((a, b) => b.path.length - a.path.length)[0];
}

function firstOf<From, To>(list: readonly From[] | undefined, find: (from: From) => To | undefined): To | undefined {
  for (const element of list ?? []) {
    const found = find(element);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nearMiss(form: HostForm, requested: string): string | undefined {
  const host = withoutPort(requested.toLowerCase());
  const undotted = host.replace(/\.$/, '');
  if (form.kind === 'exact') {
    return form.host === undotted ? `is for ${form.host}, and a host with a dot at its end is another host` : undefined;
  }
  if (undotted === form.parent) return `is for *.${form.parent}, which does not include ${form.parent} itself`;
  if (!undotted.endsWith(`.${form.parent}`)) return undefined;
  return host === undotted
    ? `is for *.${form.parent}, and a wildcard stands for exactly one label`
    : `is for *.${form.parent}, and a host with a dot at its end is another host`;
}

function describe(fit: Fit): string {
  const { path } = fit;
  if (path === undefined) return `every path of ${hostOf(fit)}`;
  return `${path.kind === 'exact' ? 'Exact' : 'Prefix'} ${path.path} of ${hostOf(fit)}`;
}

function hostOf({ host }: Fit): string {
  return host === undefined ? 'any host' : hostText(host);
}

function conditionOf({ type, compareType, key, value, invert }: L7Rule): string {
  return `${invert ? 'not ' : ''}${type}${key === undefined ? '' : ` ${key}`} ${compareType} ${value}`;
}
