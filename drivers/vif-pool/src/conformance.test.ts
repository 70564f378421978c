import { describe, it } from '@jest/globals';
import { vifPoolDriverConformance } from '@kuryr-l7/plugin/conformance';
import { VifCluster } from '../../../test/openstack/pod-vif-cloud.fixture.js';
import { simulatedVifCloud } from '../../../test/openstack/simulated-vif-cloud.fixture.js';

for (const name of ['noop', 'neutron'] as const) {
  vifPoolDriverConformance(
    {
      name,
      async open() {
        const where = await simulatedVifCloud();
        const cluster = await VifCluster.open(where);
        return { ...(await cluster.openedPool(name)), close: where.close };
      },
    },
    { describe, it },
  );
}
