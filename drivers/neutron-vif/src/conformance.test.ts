import { describe, it } from '@jest/globals';
import { podVifDriverConformance } from '@kuryr-l7/plugin/conformance';
import { VifCluster } from '../../../test/openstack/pod-vif-cloud.fixture.js';
import { simulatedVifCloud } from '../../../test/openstack/simulated-vif-cloud.fixture.js';

for (const name of ['neutron-vif', 'nested-vlan'] as const) {
  podVifDriverConformance(
    {
      name,
      async open() {
        const where = await simulatedVifCloud();
        const { agents, state } = where.simulator.neutron;
        agents.delay = Number.POSITIVE_INFINITY;
        const cluster = await VifCluster.open(where, name);
        const opened = await cluster.opened(name);
        return {
          ...opened,
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
