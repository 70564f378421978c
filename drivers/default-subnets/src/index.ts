import { LB_SERVICE_TYPES, POD_SUBNET, SERVICE_SUBNET } from '@kuryr-l7/config';
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
    options: [SERVICE_SUBNET, LB_SERVICE_TYPES, ...OPENSTACK_OPTIONS],
    check(configuration) {
      // It may be used only to take back what Services had.
      if (configuration.get(LB_SERVICE_TYPES).length > 0) subnetId(SERVICE_SUBNET, configuration);
    },
    driver: DefaultServiceSubnetsDriver,
  },
];
export default plugins;
