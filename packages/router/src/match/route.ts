import { actionClass } from '../action-class.js';
import type { L7Policy, ObservedRouter, Router } from '../model.js';
import { type Decision, decide } from './decision.js';
import { policyMatcher } from './policy-matcher.js';
import type { RouteRequest } from './request.js';
import { explain, type TraceEntry } from './trace.js';

/** A decision and how it came about. */
export interface TracedDecision extends Decision {
  /** The policies of interest in order of evaluation: the one that wins, and others that nearly did, each with the reason. */
  readonly trace: readonly TraceEntry[];
}

/** The router has no listener of that key. */
export class UnknownListenerError extends Error {
  readonly code = 'ERR_UNKNOWN_LISTENER';
  readonly retryable = false;

  constructor(listener: string, known: readonly string[]) {
    super(`The router has no listener ${listener}; it has ${known.join(', ') || 'none'}`);
    this.name = 'UnknownListenerError';
  }
}

/**
 * What a router, desired or observed, does with a request, by trying policy after policy as HAProxy does. Slow and sure,
 * and with reasons; {@link RouteIndex} decides the same fast.
 * @throws UnknownListenerError
 */
export function route(router: Router | ObservedRouter, listenerKey: string, request: RouteRequest): TracedDecision {
  const listener = router.listeners.find(({ key }) => key === listenerKey);
  if (listener === undefined) {
    throw new UnknownListenerError(
      listenerKey,
      router.listeners.map(({ key }) => key),
    );
  }
  const inOrder = evaluationOrder(listener.policies);
  const winner = inOrder.find((policy) => policyMatcher(policy).matches(request));
  return { ...decide(winner, request), trace: explain(inOrder, winner, request) };
}

/** REJECT, then redirects to URLs, then pools; by position within each. */
function evaluationOrder(policies: readonly L7Policy[]): readonly L7Policy[] {
  return [...policies].sort((a, b) => actionClass(a.action) - actionClass(b.action));
}
