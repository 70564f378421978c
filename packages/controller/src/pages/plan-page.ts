import { countWrites, describeChange } from '@kuryr-l7/router';
import type { ClusterSession } from '../cluster-session.js';
import type { Page } from '../health/health-server.js';
import { ageInSeconds, noRouter, READ_TIME, STANDING_BY, whileBusy } from './unavailable.js';

/** `GET /api/v1/plan`: what would be written to the router now. */
export interface PlanDocument {
  readonly router: string;
  /** In the order in which they would be made. */
  readonly changes: readonly string[];
  /** What the router refuses: left out of the changes until it is tried again. */
  readonly refused: readonly string[];
  /** Writes that it would take; a router that exchanges everything at once needs one. */
  readonly writes: number;
  /** Seconds since the router was as the plan takes it to be, where it was too busy to be read now. */
  readonly age?: number;
}

export function planPage(current: () => ClusterSession | undefined): Page {
  return whileBusy(async () => {
    const session = current();
    if (session === undefined) return STANDING_BY;
    if (!session.desired.started) return { status: 503, text: 'not every object of the cluster has been seen yet\n' };
    const plan = await session.writer.plan(AbortSignal.timeout(READ_TIME));
    if (plan === undefined) return noRouter(session);
    const { changes, router, age } = plan;
    const writes = router.capabilities.atomicReplace ? Math.min(changes.length, 1) : countWrites(changes);
    const json: PlanDocument = {
      router: router.description.name,
      changes: changes.map(describeChange),
      refused: session.writer.state.refusals.map(({ message }) => message),
      writes,
      ...ageInSeconds(age),
    };
    return { status: 200, json };
  });
}
