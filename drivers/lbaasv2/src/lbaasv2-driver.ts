import { CLUSTER_ID } from '@kuryr-l7/config';
import { type Clock, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import { PollingPace } from '@kuryr-l7/openstack';
import {
  type Configuration,
  type EndpointsLbaasDriver,
  type LoadBalancerReport,
  type LoadBalancerRequest,
  type Logger,
  type ObjectKey,
  type SharedCloud,
  type SurveyedService,
  TOKENS,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { asLoadBalancerError } from './errors.js';
import { LbaasApplier } from './lbaas-applier.js';
import { LBAAS_ACTIVATION_TIMEOUT } from './options.js';
import { LoadBalancerSightings } from './reading/load-balancer-sightings.js';
import { PendingLoadBalancers } from './writing/pending-load-balancers.js';

interface Known {
  /** What was asked for, as text. */
  readonly request: string;
  readonly report: LoadBalancerReport;
  /** When the reading began that it was compared with; undefined where more counts than the load balancer. */
  readonly readAt: number | undefined;
  /** What the last survey found: `confirmed`, it has not changed since; `stale`, it may have, so it is read again. */
  readonly state: 'unconfirmed' | 'confirmed' | 'stale';
}

/** Load balancers of Services in Octavia, in the cloud that `[neutron]` of kuryr.conf says. */
@injectable()
export class Lbaasv2Driver implements EndpointsLbaasDriver {
  readonly name = 'lbaasv2';
  /** What is as wanted is read again only when a survey can't tell that nothing has changed. */
  readonly #known = new Map<ObjectKey, Known>();
  readonly #pace = new PollingPace();
  readonly #pending = new PendingLoadBalancers();
  readonly #clock: Clock = SYSTEM_CLOCK;
  readonly #sightings = new LoadBalancerSightings<ObjectKey>(this.#clock);

  constructor(
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {}

  async ensureLoadBalancer(request: LoadBalancerRequest, signal: AbortSignal): Promise<LoadBalancerReport> {
    const { service } = request.wanted;
    const asked = JSON.stringify(request);
    const known = this.#known.get(service);
    if (known?.request === asked && known.state !== 'stale') return { ...known.report, writes: 0 };
    this.#known.delete(service);
    const begun = this.#clock.now();
    const report = await (await this.#applier()).ensure(request, signal);
    const readAt = request.memberSecurityGroup === undefined ? begun : undefined;
    // What is missing may come without any change of the Service.
    const state = (report.problems ?? []).length === 0 ? 'unconfirmed' : 'stale';
    this.#known.set(service, { request: asked, report, readAt, state });
    return report;
  }

  async setMembers(request: LoadBalancerRequest, signal: AbortSignal): Promise<void> {
    this.#known.delete(request.wanted.service);
    await (await this.#applier()).setMembers(request, signal);
  }

  async releaseLoadBalancer(service: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#known.delete(service);
    await (await this.#applier()).release(service, signal);
  }

  async survey(signal: AbortSignal): Promise<readonly SurveyedService[]> {
    const listed = await (await this.#applier()).services(signal);
    this.#sightings.see(listed);
    const changed = [...this.#known.keys()].filter((service) => this.#isChanged(service, listed.has(service)));
    return [...new Set([...listed.keys(), ...changed])].map((service) => {
      const there = listed.get(service) ?? [];
      const isWhole = there.length === 1 && there.every(({ provisioning_status }) => provisioning_status !== 'ERROR');
      return { service, needsCare: !isWhole || changed.includes(service) };
    });
  }

  /** Notes whether what is known of a Service still holds; true where others have done something. */
  #isChanged(service: ObjectKey, isThere: boolean): boolean {
    const known = this.#known.get(service);
    if (known === undefined) return false;
    const { readAt, state } = known;
    const isUnchanged = readAt !== undefined && this.#sightings.isUnchangedSince(service, readAt);
    this.#known.set(service, { ...known, state: isUnchanged ? 'confirmed' : 'stale' });
    return !isThere || (!isUnchanged && state === 'confirmed');
  }

  async #applier(): Promise<LbaasApplier> {
    return new LbaasApplier(await this.#open(), {
      clusterId: this.configuration.get(CLUSTER_ID),
      logger: this.logger,
      pendingTimeout: this.configuration.get(LBAAS_ACTIVATION_TIMEOUT) * 1_000,
      pace: this.#pace,
      pending: this.#pending,
    });
  }

  async #open(): Promise<Cloud> {
    try {
      return await this.cloud.open();
    } catch (error) {
      throw asLoadBalancerError(error, 'open the cloud');
    }
  }
}
