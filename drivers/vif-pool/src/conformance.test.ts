import { describe, it } from '@jest/globals';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import {
  type OpenVifPool,
  settings,
  type VifCloud,
  VifCluster,
  vifPoolDriverConformance,
} from '@kuryr-l7/plugin/conformance';
import { NeutronVifPool } from './neutron-vif-pool.js';
import { NoopVifPool } from './noop-vif-pool.js';

const FEW = settings({ ports_pool_batch: 4, ports_pool_min: 2 });
const noop: OpenVifPool = (vifs) => new NoopVifPool(vifs);
const neutron: OpenVifPool = (vifs) => new NeutronVifPool(vifs, FEW, SILENT_LOGGER);
const ofNeutron = (where: VifCloud) => VifCluster.open(where, NeutronVifDriver);
const nested = (where: VifCloud) => VifCluster.withTrunk(where, NestedVlanDriver);

for (const [name, openPool, openCluster] of [
  ['noop, of neutron-vif', noop, ofNeutron],
  ['neutron, of neutron-vif', neutron, ofNeutron],
  ['noop, of nested-vlan', noop, nested],
  ['neutron, of nested-vlan', neutron, nested],
] as const) {
  vifPoolDriverConformance(
    {
      name,
      async open() {
        const where = await simulatedVifCloud();
        const cluster = await openCluster(where);
        return { ...cluster.openedPool(openPool), close: where.close };
      },
    },
    { describe, it },
  );
}
