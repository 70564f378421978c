import { type LeaderElection, SYSTEM_CLOCK, type WatchState } from '@kuryr-l7/kube';
import type { ClusterSession } from '../cluster-session.js';
import { failingObjects } from '../pipeline/failing-objects.js';
import type { ReadinessCheck } from './health-server.js';

/** Characters of a reason that stand in /readyz. */
const LONGEST_REASON = 200;

/**
 * What /readyz looks at. A controller that stands by is ready: it has nothing to do. A watch may fail for `watchGrace`
 * milliseconds, as what is routed stays routed meanwhile. Objects that fail, even all of them, make it unready never: a new
 * process would fail with them as well.
 */
export function readinessChecks(
  current: () => ClusterSession | undefined,
  election: LeaderElection | undefined,
  watchGrace: number,
  now: () => number = SYSTEM_CLOCK.now,
): readonly ReadinessCheck[] {
  const standsBy = () => election !== undefined && !election.isLeader;
  return [
    {
      name: 'kubernetes',
      problem: () => {
        if (standsBy()) return undefined;
        const states = current()?.watcher.states ?? [];
        const problems = states.flatMap((state) => watchProblem(state, watchGrace, now()) ?? []);
        return problems.length === 0 ? undefined : problems.join('; ');
      },
    },
    {
      name: 'router',
      problem: () => {
        if (standsBy()) return undefined;
        const state = current()?.writer.state;
        if (state === undefined) return 'starting';
        return state.problem ?? (state.phase === 'open' ? undefined : state.phase);
      },
    },
    {
      name: 'routes',
      problem: () => {
        if (standsBy()) return undefined;
        return current()?.desired.everApplied === true ? undefined : 'no desired state is on the router yet';
      },
    },
    { name: 'objects', problem: () => undefined, notice: () => failingNotice(current()) },
  ];
}

function failingNotice(session: ClusterSession | undefined): string | undefined {
  const failing = failingObjects(session?.pipelines ?? []);
  const [first] = failing;
  if (first === undefined) return undefined;
  const handlers = [...new Set(failing.map(({ handler }) => handler))];
  const counts = handlers.map((name) => `${name} ${failing.filter(({ handler }) => handler === name).length}`);
  const reason = first.reason.replaceAll(/\s+/g, ' ').slice(0, LONGEST_REASON);
  return `these fail: ${counts.join(', ')}; ${first.object} since ${first.since}: ${reason}`;
}

function watchProblem({ kind, synced, counters }: WatchState, grace: number, now: number): string | undefined {
  const { lastError, lastEventTime } = counters;
  if (!synced) return `${kind.plural} are not listed yet${lastError === undefined ? '' : `: ${lastError.message}`}`;
  if (lastError === undefined || now - (lastEventTime ?? 0) < grace) return undefined;
  return `the watch of ${kind.plural} fails: ${lastError.message}`;
}
