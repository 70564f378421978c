import { CLUSTER_ID, OVS_BRIDGE, RESOURCE_TAGS } from '@kuryr-l7/config';
import { OPENSTACK_OPTIONS } from '@kuryr-l7/openstack';
import type { DriverPlugin } from '@kuryr-l7/plugin';
import { NestedVlanDriver } from './nested-vlan-driver.js';
import { NeutronVifDriver } from './neutron-vif-driver.js';
import { nodeSubnets } from './node-subnets.js';
import { PORT_DEBUG, REV_UPDATE_ATTEMPTS, WORKER_NODES_SUBNETS } from './options.js';

export { NestedVlanDriver } from './nested-vlan-driver.js';
export { NeutronVifDriver } from './neutron-vif-driver.js';

const OPTIONS = [CLUSTER_ID, RESOURCE_TAGS, PORT_DEBUG, ...OPENSTACK_OPTIONS];

const plugins: readonly [DriverPlugin<'pod-vif-driver'>, DriverPlugin<'pod-vif-driver'>] = [
  {
    type: 'pod-vif-driver',
    name: 'neutron-vif',
    pluginApi: 1,
    options: [OVS_BRIDGE, ...OPTIONS],
    driver: NeutronVifDriver,
  },
  {
    type: 'pod-vif-driver',
    name: 'nested-vlan',
    pluginApi: 1,
    options: [WORKER_NODES_SUBNETS, REV_UPDATE_ATTEMPTS, ...OPTIONS],
    check: (configuration) => void nodeSubnets(configuration),
    driver: NestedVlanDriver,
  },
];
export default plugins;
