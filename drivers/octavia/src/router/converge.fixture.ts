import type { L7Router } from '@kuryr-l7/plugin';
import { type Change, type ObservedRouter, plan, type Router } from '@kuryr-l7/router';
import { NEVER } from '../simulated-cloud.fixture.js';

/** Observe, plan, apply, as the controller does. Answers the changes that were made. */
export async function converge(router: L7Router, desired: Router): Promise<readonly Change[]> {
  const changes = plan(desired, await observe(router), router.capabilities);
  for (const change of changes) await router.apply(change, NEVER);
  return changes;
}

export function observe(router: L7Router, full = true): Promise<ObservedRouter> {
  return router.snapshot({ full }, NEVER);
}

/** Keys of the policies on the HTTP listener, foreign ones marked. */
export async function policiesOf(router: L7Router): Promise<readonly string[]> {
  const [listener] = (await observe(router)).listeners;
  return (listener?.policies ?? []).map(({ key, foreign, failed }) =>
    [key, ...(foreign ? ['foreign'] : []), ...(failed ? ['failed'] : [])].join(' '),
  );
}
