/** Every state that a router is in while plans are carried out, on a real HAProxy. */
import { applyChange, emptyRouter, type ObservedRouter, plan, type Router, route } from '@kuryr-l7/router';
import fc from 'fast-check';
import type { Backends } from './backends.js';
import { CAPABILITIES, compiledRouter, LISTENER, NOT_FOUND, notFoundPool } from './compiled-router.js';
import { ask, type RawAnswer, type RawRequest } from './raw-request.js';
import type { Rendering, ServedListener } from './rendering.js';
import { arbitraryPlainCase, arbitrarySpelling, pathOf, respelled, type SpecifiedCase } from './specified-cases.js';

/** A cluster as it was and as it is now; the requests of both are sent all the time. */
export type Transition = readonly [SpecifiedCase, SpecifiedCase];

/** The states of a router from the first write of a plan to the last, with the one before. */
type Passage = readonly ObservedRouter[];

/** A state that HAProxy serves, and what it answered to each request of the transition. */
interface Answered {
  readonly state: ObservedRouter;
  readonly answers: readonly RawAnswer[];
  readonly configuration: string;
}

export const arbitraryTransition: fc.Arbitrary<Transition> = fc
  .tuple(arbitraryPlainCase, arbitraryPlainCase, arbitrarySpelling)
  .map(([before, after, spelling]): Transition => [respelled(before, spelling), respelled(after, spelling)]);

/**
 * Makes the router of the first cluster out of an empty one, and that of the second out of that, by the changes that are
 * planned, and serves what there is after each of them. A transition is at fault where HAProxy does something other than
 * the model says, or where a request gets neither what it got before a plan nor what it gets after it.
 */
export async function transitionFaults(
  transitions: readonly Transition[],
  rendering: Rendering,
  backends: Backends,
): Promise<readonly (string | undefined)[]> {
  const passages = await Promise.all(transitions.map((transition) => passagesOf(transition, backends)));
  const listeners = passages.map((states) => [...new Map(states.flat().map((state) => [lookOf(state), state]))]);
  const served = await rendering.serve(listeners.flat().map(([, state]) => listenerOf(state)));
  let next = 0;
  const addresses = listeners.map((own) => own.map(([look, state]) => ({ look, state, address: served[next++] })));
  return Promise.all(
    transitions.map(async (transition, index) => {
      const requests = transition.flatMap((one) => one.requests);
      const answered = new Map<string, Answered>();
      for (const { look, state, address } of addresses[index] ?? []) {
        if (address === undefined) throw new Error('a listener is not served');
        const answers = await ask(address, requests);
        answered.set(look, { state, answers, configuration: address.configuration });
      }
      for (const passage of passages[index] ?? []) {
        const steps = passage.flatMap((state) => answered.get(lookOf(state)) ?? []);
        const fault = faultOf(steps, requests, backends);
        if (fault !== undefined)
          return `${fault}\n${JSON.stringify(
            transition.map(({ cluster }) => cluster),
            null,
            1,
          )}`;
      }
      return undefined;
    }),
  );
}

async function passagesOf(transition: Transition, backends: Backends): Promise<readonly Passage[]> {
  const foreign = { ...(await notFoundPool(backends)), foreign: true };
  let state: ObservedRouter = { ...emptyRouter([LISTENER]), pools: [foreign] };
  const passages: Passage[] = [];
  for (const cluster of transition) {
    const passage = passageTo(await compiledRouter(cluster, backends), state);
    passages.push(passage);
    state = passage.at(-1) ?? state;
  }
  return passages;
}

function passageTo(desired: Router, start: ObservedRouter): Passage {
  const states = [start];
  for (const change of plan(desired, start, CAPABILITIES)) {
    states.push(applyChange(states.at(-1) ?? start, change));
  }
  return states;
}

/** What decides about requests in a state; of states that look alike the last is served, with all its disabled policies. */
function lookOf({ listeners, pools }: ObservedRouter): string {
  const policies = listeners.flatMap((listener) => listener.policies).filter(isLive);
  const led = policies.map(({ redirectPool, rules }) => {
    return { redirectPool, rules, members: pools.find(({ name }) => name === redirectPool)?.members };
  });
  return JSON.stringify(led);
}

function isLive({ enabled, rules }: { readonly enabled: boolean; readonly rules: readonly unknown[] }): boolean {
  return enabled && rules.length > 0;
}

function listenerOf({ listeners, pools }: ObservedRouter): ServedListener {
  return { policies: listeners.flatMap(({ policies }) => policies), pools, defaultPool: NOT_FOUND };
}

function faultOf(steps: readonly Answered[], requests: readonly RawRequest[], backends: Backends): string | undefined {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const claimed = withoutEmptyPools(first.state);
  for (const [place, raw] of requests.entries()) {
    const request = { host: raw.host, path: pathOf(raw) };
    const before = route(first.state, LISTENER.key, request).pool;
    const unclaimed = route(claimed, LISTENER.key, request).policy === undefined;
    for (const { state, answers, configuration } of steps) {
      const got = answers[place];
      const inModel = modelAnswer(state, request, backends);
      // What nothing takes may meet a pool that has no members yet, and what such a pool gets may find members there.
      const allowed = [first.answers[place], last.answers[place], modelAnswer(claimed, request, backends)].concat(
        unclaimed ? [503] : [],
        before === undefined ? [] : [poolAnswer(state, before, backends)],
      );
      if (got === inModel && allowed.includes(got)) continue;
      const story = `${JSON.stringify(raw)} got ${got}; the model says ${inModel}, allowed is ${allowed.join(', ')}`;
      return `${story}\n${configuration}`;
    }
  }
  return undefined;
}

function modelAnswer(
  state: ObservedRouter,
  request: { readonly host: string; readonly path: string },
  backends: Backends,
): RawAnswer {
  const { policy, pool } = route(state, LISTENER.key, request);
  return poolAnswer(state, policy === undefined ? NOT_FOUND : pool, backends);
}

function poolAnswer({ pools }: ObservedRouter, wanted: string | undefined, backends: Backends): RawAnswer {
  return backends.answerOf(pools.find(({ name }) => name === wanted)?.members ?? []);
}

function withoutEmptyPools({ listeners, pools }: ObservedRouter): ObservedRouter {
  const filled = new Set(pools.filter(({ members }) => members.length > 0).map(({ name }) => name));
  const leadsSomewhere = ({ redirectPool }: { readonly redirectPool?: string }) => filled.has(redirectPool ?? '');
  return {
    listeners: listeners.map((listener) => ({ ...listener, policies: listener.policies.filter(leadsSomewhere) })),
    pools,
  };
}
