import { describe, it } from '@jest/globals';
import { simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { podVifDriverConformance, type VifCloud, VifCluster } from '@kuryr-l7/plugin/conformance';
import { NestedVlanDriver } from './nested-vlan-driver.js';
import { NeutronVifDriver } from './neutron-vif-driver.js';

const CLUSTERS = [
  ['neutron-vif', (where) => VifCluster.open(where, NeutronVifDriver)],
  ['nested-vlan', (where) => VifCluster.withTrunk(where, NestedVlanDriver)],
] satisfies readonly (readonly [string, (where: VifCloud) => Promise<VifCluster>])[];

for (const [name, openCluster] of CLUSTERS) {
  podVifDriverConformance(
    {
      name,
      async open() {
        const where = await simulatedVifCloud();
        const { agents, state } = where.simulator.neutron;
        agents.delay = Number.POSITIVE_INFINITY;
        const cluster = await openCluster(where);
        return {
          ...cluster.opened(),
          async activate({ id }) {
            const port = state.ports.get(id);
            agents.delay = 0;
            if (port !== undefined) agents.plug(port);
          },
          close: where.close,
        };
      },
    },
    { describe, it },
  );
}
