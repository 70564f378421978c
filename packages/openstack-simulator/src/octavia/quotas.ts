import { type ObjectKind, quotaMet } from './octavia-faults.js';
import type { OctaviaState } from './octavia-state.js';

/** Limits of one project; -1 is none. */
export type ProjectQuota = Record<ObjectKind, number>;

const UNLIMITED: ProjectQuota = {
  loadbalancer: -1,
  listener: -1,
  pool: -1,
  member: -1,
  healthmonitor: -1,
  l7policy: -1,
  l7rule: -1,
};

export class Quotas {
  readonly #state: OctaviaState;
  readonly #projects = new Map<string, Partial<ProjectQuota>>();

  constructor(state: OctaviaState) {
    this.#state = state;
  }

  get defaults(): ProjectQuota {
    return { ...UNLIMITED };
  }

  of(projectId: string): ProjectQuota {
    return { ...UNLIMITED, ...this.#projects.get(projectId) };
  }

  set(projectId: string, limits: Partial<ProjectQuota>): void {
    this.#projects.set(projectId, { ...this.#projects.get(projectId), ...limits });
  }

  reset(projectId: string): void {
    this.#projects.delete(projectId);
  }

  /** @throws ApiFault 403 where so many more would be too many */
  require(kind: ObjectKind, projectId: string, more = 1): void {
    const limit = this.of(projectId)[kind];
    if (limit !== -1 && this.#used(kind, projectId) + more > limit) throw quotaMet(kind);
  }

  #used(kind: ObjectKind, projectId: string): number {
    const { loadBalancers, listeners, pools, members, healthMonitors, l7Policies, l7Rules } = this.#state;
    const maps = {
      loadbalancer: loadBalancers,
      listener: listeners,
      pool: pools,
      member: members,
      healthmonitor: healthMonitors,
      l7policy: l7Policies,
      l7rule: l7Rules,
    };
    return [...maps[kind].values()].filter(({ project_id }) => project_id === projectId).length;
  }
}
