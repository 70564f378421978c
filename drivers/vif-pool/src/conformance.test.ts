import { describe, it } from '@jest/globals';
import { vifPoolDriverConformance } from '@kuryr-l7/plugin/conformance';
import { VifCluster } from '../../../test/openstack/pod-vif-cloud.fixture.js';
import { simulatedVifCloud } from '../../../test/openstack/simulated-vif-cloud.fixture.js';

for (const [kind, of] of [
  ['noop', 'neutron-vif'],
  ['neutron', 'neutron-vif'],
  ['noop', 'nested-vlan'],
  ['neutron', 'nested-vlan'],
] as const) {
  vifPoolDriverConformance(
    {
      name: `${kind}, of ${of}`,
      async open() {
        const where = await simulatedVifCloud();
        const cluster = await VifCluster.open(where, of);
        return { ...(await cluster.openedPool(kind, of)), close: where.close };
      },
    },
    { describe, it },
  );
}
