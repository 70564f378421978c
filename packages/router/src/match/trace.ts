import { actionClass } from '../action-class.js';
import type { L7Policy, L7Rule } from '../model.js';
import { policyOrder } from '../policy-order.js';
import { policyShape } from '../policy-shape.js';
import type { HostForm } from '../rule-forms.js';
import { policyMatcher } from './policy-matcher.js';
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
    const entry = policy === winner ? wins(policy) : explainLoser(policy, winner, request);
    return entry === undefined ? [] : [{ policy, ...entry }];
  });
}

type Explanation = Pick<TraceEntry, 'verdict' | 'reason'>;

function wins(policy: L7Policy): Explanation {
  return { verdict: 'wins', reason: `takes ${describe(policy)}` };
}

function explainLoser(policy: L7Policy, winner: L7Policy | undefined, request: RouteRequest): Explanation | undefined {
  if (policy.rules.length === 0)
    return { verdict: 'noRules', reason: 'has no rules, and such a policy matches nothing' };
  const { rules } = policyMatcher(policy);
  const failing = policy.rules.filter((_rule, index) => rules[index]?.(request) === false);
  const host = failing.find(({ type }) => type === 'HOST_NAME');
  if (host !== undefined) {
    const near = nearMiss(policyShape(policy).host, request.host);
    return near === undefined ? undefined : { verdict: 'otherHost', reason: near };
  }
  const path = failing.find(({ type }) => type === 'PATH' || type === 'FILE_TYPE');
  if (path !== undefined) return { verdict: 'otherPath', reason: `wants ${conditionOf(path)}, not ${request.path}` };
  const other = failing[0];
  if (other !== undefined) return { verdict: 'otherCondition', reason: `wants ${conditionOf(other)}` };
  if (!policy.enabled) return { verdict: 'disabled', reason: 'would match, but is disabled' };
  return winner === undefined
    ? undefined
    : { verdict: 'outranked', reason: `would match, but ${precedence(policy, winner)}` };
}

/** Why the winner comes first. */
function precedence(loser: L7Policy, winner: L7Policy): string {
  if (actionClass(loser.action) !== actionClass(winner.action)) {
    return `${winner.action} policies are evaluated before ${loser.action} policies, whatever their positions`;
  }
  const lost = policyOrder(loser);
  const won = policyOrder(winner);
  if (lost.band > won.band)
    return `${hostText(policyShape(loser).host)} is less specific than ${hostText(policyShape(winner).host)}`;
  const sameHost = lost.band === won.band && lost.host === won.host;
  if (sameHost && lost.rank.kind > won.rank.kind) {
    return won.rank.kind === 0 ? 'an Exact path goes before others' : 'it takes only what no path of the host takes';
  }
  if (sameHost && lost.rank.kind === 1 && won.rank.kind === 1 && lost.rank.path.length < won.rank.path.length) {
    return `Prefix ${won.rank.path} is longer`;
  }
  return `policy ${winner.key} comes first in the router's order`;
}

function nearMiss(form: HostForm | undefined, requested: string): string | undefined {
  const host = withoutPort(requested.toLowerCase());
  const undotted = host.replace(/\.$/, '');
  if (form === undefined) return undefined;
  if (form.kind === 'exact') {
    return form.host === undotted ? `is for ${form.host}, and a host with a dot at its end is another host` : undefined;
  }
  if (undotted === form.parent) return `is for *.${form.parent}, which does not include ${form.parent} itself`;
  if (!undotted.endsWith(`.${form.parent}`)) return undefined;
  return host === undotted
    ? `is for *.${form.parent}, and a wildcard stands for exactly one label`
    : `is for *.${form.parent}, and a host with a dot at its end is another host`;
}

function describe(policy: L7Policy): string {
  const { host, path } = policyShape(policy);
  if (path === undefined) return `every path of ${hostText(host)}`;
  return `${path.kind === 'exact' ? 'Exact' : 'Prefix'} ${path.path} of ${hostText(host)}`;
}

function hostText(host: HostForm | undefined): string {
  if (host === undefined) return 'any host';
  return host.kind === 'exact' ? host.host : `*.${host.parent}`;
}

function conditionOf({ type, compareType, key, value, invert }: L7Rule): string {
  return `${invert ? 'not ' : ''}${type}${key === undefined ? '' : ` ${key}`} ${compareType} ${value}`;
}
