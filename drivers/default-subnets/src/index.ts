import { POD_SUBNET, SERVICE_SUBNET } from '@kuryr-l7/config';
import { OPENSTACK_OPTIONS } from '@kuryr-l7/openstack';
import type { DriverPlugin } from '@kuryr-l7/plugin';
import { subnetId } from './configured-subnet.js';
import { DefaultPodSubnetsDriver } from './default-pod-subnets-driver.js';
import { DefaultServiceSubnetsDriver } from './default-service-subnets-driver.js';

const plugins: readonly [DriverPlugin<'pod-subnets-driver'>, DriverPlugin<'service-subnets-driver'>] = [
  {
    type: 'pod-subnets-driver',
    name: 'default',
    pluginApi: 1,
    options: [POD_SUBNET, ...OPENSTACK_OPTIONS],
    check: (configuration) => void subnetId(POD_SUBNET, configuration),
    driver: DefaultPodSubnetsDriver,
  },
  {
    type: 'service-subnets-driver',
    name: 'default',
    pluginApi: 1,
    // No check: which Services need it, if any, the handlers know.
    options: [SERVICE_SUBNET, ...OPENSTACK_OPTIONS],
    driver: DefaultServiceSubnetsDriver,
  },
];
export default plugins;
