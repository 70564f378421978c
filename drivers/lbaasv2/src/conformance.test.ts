import { describe, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { endpointsLbaasDriverConformance, settings } from '@kuryr-l7/plugin/conformance';
import { Lbaasv2Driver } from './lbaasv2-driver.js';
import { SimulatedCloud } from './simulated-cloud.fixture.js';

const CONFIGURATION = settings({ cluster_id: 'conformance' });

endpointsLbaasDriverConformance(
  {
    name: 'lbaasv2 on the simulated Octavia',
    async open() {
      const there = await SimulatedCloud.start();
      const { cloud, projectId, simulator } = there;
      const driver = () => new Lbaasv2Driver({ open: async () => cloud }, CONFIGURATION, SILENT_LOGGER);
      return {
        driver: driver(),
        projectId,
        vip: { subnetId: simulator.facts.networks.vips.subnetId },
        reopen: async () => driver(),
        close: () => there.stop(),
      };
    },
  },
  { describe, it },
);
