import { POD_SECURITY_GROUPS } from '@kuryr-l7/config';
import {
  type Configuration,
  type PodSecurityGroupsDriver,
  type ServiceSecurityGroupsDriver,
  TOKENS,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';

/** Everything has the security groups of `[neutron_defaults] pod_security_groups`; for Services that is Kuryr's way too. */
@injectable()
export class DefaultSecurityGroupsDriver implements PodSecurityGroupsDriver, ServiceSecurityGroupsDriver {
  readonly name = 'default';

  constructor(@inject(TOKENS.configuration) private readonly configuration: Configuration) {}

  async getSecurityGroups(): Promise<readonly string[]> {
    return this.configuration.get(POD_SECURITY_GROUPS);
  }
}
