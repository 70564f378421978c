import { CLUSTER_ID, EXTERNAL_SVC_NET, EXTERNAL_SVC_SUBNET } from '@kuryr-l7/config';
import { OPENSTACK_OPTIONS } from '@kuryr-l7/openstack';
import type { DriverPlugin } from '@kuryr-l7/plugin';
import { NeutronFloatingIpDriver } from './neutron-floating-ip-driver.js';

export { NeutronFloatingIpDriver } from './neutron-floating-ip-driver.js';

const plugin: DriverPlugin<'service-public-ip-driver'> = {
  type: 'service-public-ip-driver',
  name: 'neutron_floating_ip',
  pluginApi: 1,
  options: [...OPENSTACK_OPTIONS, CLUSTER_ID, EXTERNAL_SVC_NET, EXTERNAL_SVC_SUBNET],
  driver: NeutronFloatingIpDriver,
};
export default plugin;
