import { specifiedAnswer } from '../../../packages/router/src/compile/ingress-specification.fixture.js';
import type { Backends } from './backends.js';
import { compiledRouter, NOT_FOUND, notFoundPool } from './compiled-router.js';
import { ask } from './raw-request.js';
import type { Rendering } from './rendering.js';
import { pathOf, type SpecifiedCase } from './specified-cases.js';

/**
 * Serves the clusters, each by a listener of its own, and sends their requests. For each case with an answer that the
 * specification does not give: the request, what it should have got, what it got, and the lines of HAProxy that decided.
 */
export async function specificationFaults(
  cases: readonly SpecifiedCase[],
  rendering: Rendering,
  backends: Backends,
): Promise<readonly (string | undefined)[]> {
  const notFound = await notFoundPool(backends);
  const listeners = await Promise.all(
    cases.map(async (one) => {
      const { listeners, pools } = await compiledRouter(one, backends);
      const policies = listeners.flatMap((listener) => listener.policies);
      return { policies, pools: [...pools, notFound], defaultPool: NOT_FOUND };
    }),
  );
  const served = await rendering.serve(listeners);
  return Promise.all(
    cases.map(async ({ cluster, hostOwnership, requests }, index) => {
      const listener = served[index];
      if (listener === undefined) throw new Error(`listener ${index} is not served`);
      const answers = await ask(listener, requests);
      for (const [place, request] of requests.entries()) {
        const specified = specifiedAnswer(cluster, { host: request.host, path: pathOf(request) }, hostOwnership);
        if (answers[place] === specified) continue;
        const story = `${JSON.stringify(request)} should get ${specified}, and got ${answers[place]}`;
        return `${story}\n${JSON.stringify(cluster, null, 1)}\n${listener.configuration}`;
      }
      return undefined;
    }),
  );
}
