import { POD_SUBNET } from '@kuryr-l7/config';
import type { Subnet } from '@kuryr-l7/openstack';
import { type Configuration, type PodSubnetsDriver, type SharedCloud, TOKENS } from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { ConfiguredSubnet } from './configured-subnet.js';

/** All Pods have their addresses in `[neutron_defaults] pod_subnet`. */
@injectable()
export class DefaultPodSubnetsDriver implements PodSubnetsDriver {
  readonly name = 'default';
  readonly #subnet: ConfiguredSubnet;

  constructor(@inject(TOKENS.configuration) configuration: Configuration, @inject(TOKENS.cloud) cloud: SharedCloud) {
    this.#subnet = new ConfiguredSubnet(POD_SUBNET, configuration, cloud);
  }

  async getSubnets(_pod: unknown, _projectId: string, signal: AbortSignal): Promise<readonly Subnet[]> {
    return [await this.#subnet.get(signal)];
  }

  async allSubnets(signal: AbortSignal): Promise<readonly (readonly Subnet[])[]> {
    return [[await this.#subnet.get(signal)]];
  }
}
