import { CLUSTER_ID, RESOURCE_TAGS } from '@kuryr-l7/config';
import { OPENSTACK_OPTIONS } from '@kuryr-l7/openstack';
import type { DriverPlugin } from '@kuryr-l7/plugin';
import { configuredPlace } from './configured-place.js';
import { NamespaceSubnetsDriver } from './namespace-subnets-driver.js';
import { POD_ROUTER, POD_SUBNET_POOL } from './options.js';

export { NamespaceSubnetsDriver } from './namespace-subnets-driver.js';

const plugin: DriverPlugin<'pod-subnets-driver'> = {
  type: 'pod-subnets-driver',
  name: 'namespace',
  pluginApi: 1,
  options: [POD_ROUTER, POD_SUBNET_POOL, CLUSTER_ID, RESOURCE_TAGS, ...OPENSTACK_OPTIONS],
  check: (configuration) => void configuredPlace(configuration),
  driver: NamespaceSubnetsDriver,
};
export default plugin;
