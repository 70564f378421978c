import type { Clock } from '../clock.js';
import type { DataPlane } from '../data-plane/data-plane.js';
import type { ApiFault } from '../http/api-fault.js';
import { ApiService } from '../http/api-service.js';
import { addDiscoveryRoutes } from './discovery-api.js';
import { addHealthMonitorRoutes } from './health-monitor-api.js';
import { addPolicyRoutes } from './l7-policy-api.js';
import { addRuleRoutes } from './l7-rule-api.js';
import { addListenerRoutes } from './listener-api.js';
import { addLoadBalancerRoutes } from './load-balancer-api.js';
import { addMemberRoutes } from './member-api.js';
import { type CertificateStore, OctaviaContext, type VipNetwork } from './octavia-context.js';
import { OctaviaState } from './octavia-state.js';
import { addPoolRoutes } from './pool-api.js';
import { addQuotaRoutes } from './quota-api.js';
import { Quotas } from './quotas.js';
import { Views } from './views.js';
import { Worker } from './worker.js';
import type { WriteTiming } from './write-timing.js';

/** Octavia v2, with the amphora provider's behaviour. */
export class Octavia extends ApiService {
  readonly prefix = '/load-balancer';
  /** What is stored; a test may read and change it behind everybody's back. */
  readonly state = new OctaviaState();
  readonly quotas = new Quotas(this.state);
  readonly worker: Worker;

  constructor(parts: {
    clock: Clock;
    timing: WriteTiming;
    latestMinorVersion: number;
    network: VipNetwork;
    certificates: CertificateStore;
    dataPlane: DataPlane | undefined;
  }) {
    super();
    const { clock, timing, network, certificates } = parts;
    this.worker = new Worker(this.state, {
      clock,
      timing,
      secretExists: (reference) => certificates.exists(reference),
      loadBalancerDeleted: ({ vip_port_id }) => network.deleteVipPort(vip_port_id),
      dataPlane: parts.dataPlane,
    });
    const context = new OctaviaContext({
      state: this.state,
      views: new Views(this.state),
      worker: this.worker,
      quotas: this.quotas,
      network,
      certificates,
      clock,
    });
    addDiscoveryRoutes(this.routes, parts.latestMinorVersion);
    addLoadBalancerRoutes(this.routes, context);
    addListenerRoutes(this.routes, context);
    addPoolRoutes(this.routes, context);
    addMemberRoutes(this.routes, context);
    addHealthMonitorRoutes(this.routes, context);
    addPolicyRoutes(this.routes, context);
    addRuleRoutes(this.routes, context);
    addQuotaRoutes(this.routes, context);
  }

  /** Leaves writes of a load balancer undone, as while Octavia's worker is down: it stays PENDING until {@link release}. */
  hold(loadBalancerId: string): void {
    this.worker.hold(loadBalancerId);
  }

  release(loadBalancerId: string): void {
    this.worker.release(loadBalancerId);
  }

  /** Seconds for which a load balancer, or all together, took no writes, since the start or {@link resetCounters}. */
  lockedSeconds(loadBalancerId?: string): number {
    return this.worker.lockedMilliseconds(loadBalancerId) / 1000;
  }

  /** Begins counting requests and locked seconds anew. */
  resetCounters(): void {
    this.traffic.reset();
    this.worker.resetCounters();
  }

  /** Takes an object out at once and with all that is under it, as if somebody else had deleted it before. */
  remove(id: string): void {
    const { loadBalancers, listeners, pools, members, healthMonitors, l7Policies, l7Rules } = this.state;
    for (const map of [loadBalancers, listeners, pools, members, healthMonitors, l7Policies, l7Rules]) {
      const object = map.get(id);
      if (object === undefined) continue;
      if (object.kind === 'loadbalancer') this.worker.forget(id);
      this.state.remove(object);
    }
  }

  /** Sets a load balancer with all its children to ACTIVE, as only an administrator can. */
  resetStatus(loadBalancerId: string): void {
    const loadBalancer = this.state.loadBalancers.get(loadBalancerId);
    if (loadBalancer !== undefined) this.worker.resetStatus(loadBalancer);
  }

  /** Settles when no write is under way; writes that are held or hang do not count. */
  idle(): Promise<void> {
    return this.worker.idle();
  }

  faultBody({ status, message, type }: ApiFault): unknown {
    // Pecan answers for itself what it refuses before Octavia's own code is reached.
    if (type === 'early') return { code: status, title: PECAN_TITLES[status] ?? 'Error', description: message };
    if (type === 'lookup') return { code: status, title: 'Bad Request', description: message };
    return { faultcode: status < 500 ? 'Client' : 'Server', faultstring: message, debuginfo: null };
  }
}

const PECAN_TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
};
