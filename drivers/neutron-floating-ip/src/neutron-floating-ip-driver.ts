import { keyOf } from '@kuryr-l7/kube';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import {
  type Configuration,
  type ObjectKey,
  type ServicePublicIpDriver,
  type ServicePublicIpRequest,
  type SharedCloud,
  TOKENS,
  Turns,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { ServiceFloatingIps } from './service-floating-ips.js';

/** Floating IPs of Neutron, from `[neutron_defaults] external_svc_net`. */
@injectable()
export class NeutronFloatingIpDriver implements ServicePublicIpDriver {
  readonly name = 'neutron_floating_ip';
  readonly #turns = new Turns();

  constructor(
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
  ) {}

  async acquireServicePubIpInfo(request: ServicePublicIpRequest, signal: AbortSignal): Promise<LBaaSPubIp> {
    return (await this.#floatingIps()).acquire(request, keyOf(request.service), signal);
  }

  async servicePubIps(service: ObjectKey, signal: AbortSignal): Promise<readonly LBaaSPubIp[]> {
    return (await this.#floatingIps()).of(service, signal);
  }

  async associatePubIp(info: LBaaSPubIp, portId: string, signal: AbortSignal): Promise<void> {
    await (await this.#floatingIps()).associate(info, portId, signal);
  }

  async disassociatePubIp(info: LBaaSPubIp, signal: AbortSignal): Promise<void> {
    await (await this.#floatingIps()).disassociate(info, signal);
  }

  async releasePubIp(info: LBaaSPubIp, signal: AbortSignal): Promise<void> {
    await (await this.#floatingIps()).release(info, signal);
  }

  async #floatingIps(): Promise<ServiceFloatingIps> {
    const { neutron } = await this.cloud.open();
    return new ServiceFloatingIps(neutron, this.configuration, this.#turns);
  }
}
