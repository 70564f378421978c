import { CLUSTER_ID, RESYNC_PERIOD } from '@kuryr-l7/config';
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
  TOKENS,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { asLoadBalancerError } from './errors.js';
import { LbaasApplier } from './lbaas-applier.js';
import { LBAAS_ACTIVATION_TIMEOUT } from './options.js';

interface Known {
  /** What was asked for, as text. */
  readonly request: string;
  readonly report: LoadBalancerReport;
  /** When that was last compared with Octavia. */
  readonly at: number;
}

/** Load balancers of Services in Octavia, in the cloud that `[neutron]` of kuryr.conf says. */
@injectable()
export class Lbaasv2Driver implements EndpointsLbaasDriver {
  readonly name = 'lbaasv2';
  /** What is as wanted is looked at again only after `[ingress] resync_period`. */
  readonly #known = new Map<ObjectKey, Known>();
  readonly #pace = new PollingPace();
  readonly #clock: Clock = SYSTEM_CLOCK;

  constructor(
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {}

  async ensureLoadBalancer(request: LoadBalancerRequest, signal: AbortSignal): Promise<LoadBalancerReport> {
    const { service } = request.wanted;
    const asked = JSON.stringify(request);
    const known = this.#known.get(service);
    const now = this.#clock.now();
    const age = now - (known?.at ?? 0);
    if (known?.request === asked && age < this.configuration.get(RESYNC_PERIOD) * 1_000) {
      return { ...known.report, writes: 0 };
    }
    this.#known.delete(service);
    const report = await (await this.#applier()).ensure(request, signal);
    this.#known.set(service, { request: asked, report, at: now });
    return report;
  }

  async releaseLoadBalancer(service: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#known.delete(service);
    await (await this.#applier()).release(service, signal);
  }

  async servicesWithLoadBalancer(signal: AbortSignal): Promise<readonly ObjectKey[]> {
    return (await this.#applier()).services(signal);
  }

  async #applier(): Promise<LbaasApplier> {
    return new LbaasApplier(await this.#open(), {
      clusterId: this.configuration.get(CLUSTER_ID),
      logger: this.logger,
      pendingTimeout: this.configuration.get(LBAAS_ACTIVATION_TIMEOUT) * 1_000,
      pace: this.#pace,
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
