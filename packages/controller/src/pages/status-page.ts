import type { Problem } from '@kuryr-l7/router';
import type { ClusterSession } from '../cluster-session.js';
import type { Page } from '../health/health-server.js';
import { type FailingObject, failingObjects } from '../pipeline/failing-objects.js';
import { STANDING_BY } from './unavailable.js';

/** Of all that fail: what they fail by is often the same. */
const MOST_FAILING = 100;

/** `GET /api/v1/status`: the router, its pools, and every object that does not get what it asks for. */
export interface StatusDocument {
  readonly router: {
    readonly phase: string;
    readonly name?: string;
    readonly addresses?: readonly string[];
    readonly listeners?: readonly string[];
    readonly upToDate: boolean;
    readonly problem?: string;
    readonly writes: number;
  };
  readonly policies: number;
  readonly pools: readonly { readonly name: string; readonly service: string; readonly members: number | null }[];
  readonly objects: number;
  readonly problems: readonly (Problem & { readonly object: string })[];
  /** What the router refuses; it is tried again with back-off. */
  readonly refused: readonly { readonly object: string; readonly message: string }[];
  /** Objects that handlers have failed with, as load balancers of Services and ports of Pods; tried again with back-off. */
  readonly failing: {
    readonly count: number;
    /** At most 100 of them, those that fail for longest first. */
    readonly objects: readonly FailingObject[];
  };
}

export function statusPage(current: () => ClusterSession | undefined): Page {
  return () => {
    const session = current();
    if (session === undefined) return STANDING_BY;
    const { writer, desired } = session;
    const { phase, description, problem, appliedRevision, writes, refusals } = writer.state;
    const { compilations, pools } = desired.snapshot();
    const failing = failingObjects(session.pipelines);
    const outcomes = [...compilations.values()].flatMap((compilation) => [...compilation.outcomes]);
    const json: StatusDocument = {
      router: {
        phase,
        ...(description === undefined
          ? {}
          : {
              name: description.name,
              addresses: description.addresses.map(({ ip, hostname }) => ip ?? hostname ?? ''),
              listeners: description.listeners.map(({ key }) => key),
            }),
        upToDate: desired.started && appliedRevision === desired.revision,
        ...(problem === undefined ? {} : { problem }),
        writes,
      },
      policies: [...compilations.values()].reduce((sum, { policies }) => sum + policies.length, 0),
      pools: pools.map(({ request, pool }) => ({
        name: request.name,
        service: request.service,
        members: pool?.members.length ?? null,
      })),
      objects: outcomes.filter(([, { handled }]) => handled).length,
      refused: refusals.map(({ source: { kind, namespace, name }, message }) => ({
        object: `${kind} ${namespace}/${name}`,
        message,
      })),
      failing: { count: failing.length, objects: failing.slice(0, MOST_FAILING) },
      problems: outcomes.flatMap(([object, outcome]) => outcome.problems.map((entry) => ({ object, ...entry }))),
    };
    return { status: 200, json };
  };
}
