import { Counter, Gauge, Registry } from 'prom-client';
import type { ClusterSession } from '../cluster-session.js';
import type { Page } from './health-server.js';

/** Prometheus metrics, read from the active part whenever somebody asks; zero while the controller stands by. */
export function metricsPage(current: () => ClusterSession | undefined): Page {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: (session: ClusterSession) => number) =>
    new Gauge({
      name: `kuryr_l7_${name}`,
      help,
      registers,
      collect() {
        const session = current();
        this.set(session === undefined ? 0 : read(session));
      },
    });
  const counter = (name: string, help: string, read: (session: ClusterSession) => number) =>
    new Counter({
      name: `kuryr_l7_${name}`,
      help,
      registers,
      collect() {
        this.reset();
        const session = current();
        this.inc(session === undefined ? 0 : read(session));
      },
    });
  gauge('router_open', 'Whether the L7 router is open: 1 or 0', ({ writer }) =>
    writer.state.phase === 'open' ? 1 : 0,
  );
  counter('router_writes_total', 'Writes made to the L7 router', ({ writer }) => writer.state.writes);
  counter(
    'router_failures_total',
    'Failed attempts to open or write the L7 router',
    ({ writer }) => writer.state.failures,
  );
  gauge('router_pending', 'Whether a desired state is not yet on the L7 router: 1 or 0', ({ writer, desired }) =>
    writer.state.appliedRevision === desired.revision ? 0 : 1,
  );
  gauge('pools', 'Pools that routes want', ({ desired }) => desired.snapshot().pools.length);
  gauge('pools_unfilled', 'Pools that no handler has filled yet', ({ desired }) => {
    return desired.snapshot().pools.filter(({ pool }) => pool === undefined).length;
  });
  gauge('policies', 'L7 policies that routes want, of each listener', ({ desired }) =>
    [...desired.snapshot().compilations.values()].reduce((sum, { policies }) => sum + policies.length, 0),
  );
  gauge('refusals', 'Policies and pools that the router refuses', ({ writer }) => writer.state.refusals.length);
  gauge('problems', 'Problems of all objects: what they ask for and do not get', problems);
  new Gauge({
    name: 'kuryr_l7_queue_depth',
    help: 'Objects that wait for a handler',
    labelNames: ['handler'],
    registers,
    collect() {
      this.reset();
      for (const { handler, queue } of current()?.pipelines ?? []) this.set({ handler: handler.name }, queue.depth);
    },
  });
  new Gauge({
    name: 'kuryr_l7_objects_failing',
    help: 'Objects that a handler has failed with, and tries again',
    labelNames: ['handler'],
    registers,
    collect() {
      this.reset();
      for (const { handler, failing } of current()?.pipelines ?? [])
        this.set({ handler: handler.name }, failing.length);
    },
  });
  return async () => ({
    status: 200,
    text: await registry.metrics(),
    contentType: registry.contentType,
  });
}

function problems({ desired }: ClusterSession): number {
  let sum = 0;
  for (const { outcomes } of desired.snapshot().compilations.values()) {
    for (const outcome of outcomes.values()) sum += outcome.problems.length;
  }
  return sum;
}
