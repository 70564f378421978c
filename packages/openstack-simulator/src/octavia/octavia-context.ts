import { randomUUID } from 'node:crypto';
import { type Clock, timestamp } from '../clock.js';
import type { Caller } from '../http/exchange.js';
import type { Child, HealthMonitor, L7Policy, L7Rule, Listener, LoadBalancer, Member, Pool } from './objects.js';
import { forbidden, notFound, type ObjectKind, parentNotFound, TITLES } from './octavia-faults.js';
import type { OctaviaState } from './octavia-state.js';
import type { Quotas } from './quotas.js';
import type { Views } from './views.js';
import type { Worker } from './worker.js';

/** What Octavia needs of the network: where VIPs come from. */
export interface VipNetwork {
  networkOfSubnet(subnetId: string): string | undefined;
  /** First subnet of a network. */
  subnetOfNetwork(networkId: string): string | undefined;
  /** Makes the VIP port. @throws ApiFault where the address is taken */
  createVipPort(vip: { loadBalancerId: string; projectId: string; subnetId: string; address: string | null }): {
    portId: string;
    address: string;
  };
  /** @returns the port, taken for the load balancer. @throws ApiFault where it does not exist or is in use */
  takePort(portId: string): { address: string; subnetId: string; networkId: string };
  deleteVipPort(portId: string): void;
}

/** What Octavia needs of Barbican. */
export interface CertificateStore {
  /** Whether the reference leads to a secret or container that is there. */
  exists(reference: string): boolean;
  /** @throws ApiFault 400 where what is there is no certificate that Octavia can read */
  requireReadable(reference: string): void;
}

interface Kinds {
  loadbalancer: LoadBalancer;
  listener: Listener;
  pool: Pool;
  member: Member;
  healthmonitor: HealthMonitor;
  l7policy: L7Policy;
  l7rule: L7Rule;
}

const READER_ROLES = ['load-balancer_observer', 'load-balancer_member', 'load-balancer_admin', 'admin'];
const WRITER_ROLES = ['load-balancer_member', 'load-balancer_admin', 'admin'];
const GLOBAL_ROLES = ['load-balancer_admin', 'admin'];

/** What the parts of the Octavia API share. */
export class OctaviaContext {
  readonly state: OctaviaState;
  readonly views: Views;
  readonly worker: Worker;
  readonly quotas: Quotas;
  readonly network: VipNetwork;
  readonly certificates: CertificateStore;
  readonly #clock: Clock;

  constructor(parts: {
    state: OctaviaState;
    views: Views;
    worker: Worker;
    quotas: Quotas;
    network: VipNetwork;
    certificates: CertificateStore;
    clock: Clock;
  }) {
    this.state = parts.state;
    this.views = parts.views;
    this.worker = parts.worker;
    this.quotas = parts.quotas;
    this.network = parts.network;
    this.certificates = parts.certificates;
    this.#clock = parts.clock;
  }

  /** @throws ApiFault 404 where there is none of that id */
  find<K extends ObjectKind>(kind: K, id: string): Kinds[K] {
    const found = this.#maps()[kind].get(id);
    if (found === undefined) throw notFound(TITLES[kind], id);
    return found;
  }

  /** Finds the object that a path names before what is asked for. @throws ApiFault 404 in the web framework's words */
  parent<K extends 'pool' | 'l7policy'>(kind: K, id: string): Kinds[K] {
    const found = this.#maps()[kind].get(id);
    if (found === undefined) throw parentNotFound(kind === 'pool' ? TITLES.pool : 'L7Policy', id);
    return found;
  }

  /** The load balancer that an object is under. */
  loadBalancerOf(child: Child): LoadBalancer {
    const loadBalancer = this.state.loadBalancerOf(child);
    if (loadBalancer === undefined) throw notFound(TITLES.loadbalancer, 'None');
    return loadBalancer;
  }

  /** Finds an object for reading. @throws ApiFault 404, or 403 where it is another project's */
  read<K extends ObjectKind>(kind: K, id: string, caller: Caller): Kinds[K] {
    const found = this.find(kind, id);
    this.requireReader(caller, found.project_id);
    return found;
  }

  /** Finds an object for writing. @throws ApiFault 404, 403 */
  write<K extends ObjectKind>(kind: K, id: string, caller: Caller): Kinds[K] {
    const found = this.find(kind, id);
    this.requireWriter(caller, found.project_id);
    return found;
  }

  requireReader(caller: Caller, projectId: string): void {
    if (caller.projectId !== projectId && !isGlobal(caller)) throw forbidden();
    requireRole(caller, READER_ROLES);
  }

  requireWriter(caller: Caller, projectId: string): void {
    this.requireReader(caller, projectId);
    requireRole(caller, WRITER_ROLES);
  }

  /** Objects that a list may show: the caller's project's, or of all projects for an administrator. */
  visible<T extends { project_id: string }>(items: Iterable<T>, caller: Caller, projectId: string | null): T[] {
    this.requireReader(caller, projectId ?? caller.projectId);
    const wanted = projectId ?? (isGlobal(caller) ? undefined : caller.projectId);
    return [...items].filter(({ project_id }) => wanted === undefined || project_id === wanted);
  }

  requireGlobal(caller: Caller): void {
    if (!isGlobal(caller)) throw forbidden();
  }

  /** What every new object begins with. */
  newborn(projectId: string) {
    return {
      id: randomUUID(),
      project_id: projectId,
      created_at: this.now(),
      updated_at: null,
      provisioning_status: 'PENDING_CREATE' as const,
      operating_status: 'OFFLINE',
    };
  }

  now(): string {
    return timestamp(this.#clock.now());
  }

  #maps(): { [K in ObjectKind]: ReadonlyMap<string, Kinds[K]> } {
    const { loadBalancers, listeners, pools, members, healthMonitors, l7Policies, l7Rules } = this.state;
    return {
      loadbalancer: loadBalancers,
      listener: listeners,
      pool: pools,
      member: members,
      healthmonitor: healthMonitors,
      l7policy: l7Policies,
      l7rule: l7Rules,
    };
  }
}

function isGlobal({ roles }: Caller): boolean {
  return roles.some((role) => GLOBAL_ROLES.includes(role));
}

function requireRole({ roles }: Caller, allowed: readonly string[]): void {
  if (!roles.some((role) => allowed.includes(role))) throw forbidden();
}
