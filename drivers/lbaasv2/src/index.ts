import { CLUSTER_ID } from '@kuryr-l7/config';
import { OPENSTACK_OPTIONS } from '@kuryr-l7/openstack';
import type { DriverPlugin } from '@kuryr-l7/plugin';
import { Lbaasv2Driver } from './lbaasv2-driver.js';
import { LBAAS_ACTIVATION_TIMEOUT } from './options.js';

export { LoadBalancerNotReadyError, LoadBalancerRefusedError } from './errors.js';
export { Lbaasv2Driver } from './lbaasv2-driver.js';

const plugin: DriverPlugin<'endpoints-lbaas-driver'> = {
  type: 'endpoints-lbaas-driver',
  name: 'lbaasv2',
  pluginApi: 1,
  options: [...OPENSTACK_OPTIONS, CLUSTER_ID, LBAAS_ACTIVATION_TIMEOUT],
  driver: Lbaasv2Driver,
};
export default plugin;
