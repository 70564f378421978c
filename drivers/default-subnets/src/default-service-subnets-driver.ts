import { SERVICE_SUBNET } from '@kuryr-l7/config';
import type { Subnet } from '@kuryr-l7/openstack';
import { type Configuration, type ServiceSubnetsDriver, type SharedCloud, TOKENS } from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { ConfiguredSubnet } from './configured-subnet.js';

/** All Services have their addresses in `[neutron_defaults] service_subnet`. */
@injectable()
export class DefaultServiceSubnetsDriver implements ServiceSubnetsDriver {
  readonly name = 'default';
  readonly #subnet: ConfiguredSubnet;

  constructor(@inject(TOKENS.configuration) configuration: Configuration, @inject(TOKENS.cloud) cloud: SharedCloud) {
    this.#subnet = new ConfiguredSubnet(SERVICE_SUBNET, configuration, cloud);
  }

  async getSubnets(_service: unknown, _projectId: string, signal: AbortSignal): Promise<readonly Subnet[]> {
    return [await this.#subnet.get(signal)];
  }
}
