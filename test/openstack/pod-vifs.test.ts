import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { NeutronVifPool, NoopVifPool } from '@kuryr-l7/driver-vif-pool';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import {
  type OpenVifPool,
  podVifDriverConformance,
  settings,
  type VifCloud,
  VifCluster,
  vifPoolDriverConformance,
} from '@kuryr-l7/plugin/conformance';
import { NetworkAgent } from './bed/network-agent.js';
import { facts, realCloud } from './real-cloud.fixture.js';

const HOST = 'node-1';

let where: VifCloud;
let agent: NetworkAgent;

beforeAll(async () => {
  agent = await NetworkAgent.start([HOST]);
  where = { facts, cloud: await realCloud(facts.users.admin), host: HOST };
});

afterAll(async () => {
  where?.cloud.close();
  await agent?.stop();
});

const FEW = settings({ ports_pool_batch: 4, ports_pool_min: 2 });
const noop: OpenVifPool = (vifs) => new NoopVifPool(vifs);
const neutron: OpenVifPool = (vifs) => new NeutronVifPool(vifs, FEW, SILENT_LOGGER);
const ofNeutron = () => VifCluster.open(where, NeutronVifDriver);
const nested = () => VifCluster.withTrunk(where, NestedVlanDriver);

for (const [name, openCluster] of [
  ['neutron-vif', ofNeutron],
  ['nested-vlan', nested],
] as const) {
  podVifDriverConformance({ name, open: async () => (await openCluster()).opened() }, { describe, it });
}

for (const [name, openPool, openCluster] of [
  ['noop, of neutron-vif', noop, ofNeutron],
  ['neutron, of neutron-vif', neutron, ofNeutron],
  ['neutron, of nested-vlan', neutron, nested],
] as const) {
  vifPoolDriverConformance({ name, open: async () => (await openCluster()).openedPool(openPool) }, { describe, it });
}

describe('VIFs of Pods on a real Neutron', () => {
  it('are bound to the node by its agent, and say so', async () => {
    const cluster = await ofNeutron();
    try {
      const vif = await cluster.driver().requestVif(cluster.pod(), cluster.place, new AbortController().signal);
      expect(vif).toMatchObject({
        className: 'VIFOpenVSwitch',
        plugin: 'ovs',
        bridge_name: 'br-int',
        has_traffic_filtering: true,
        network: { label: 'vips', mtu: 1450, bridge: 'br-int' },
      });
      const [port] = await cluster.ports();
      expect(port).toMatchObject({
        'binding:host_id': HOST,
        device_owner: 'compute:kuryr',
        project_id: cluster.place.projectId,
      });
    } finally {
      await cluster.close();
    }
  });

  it('are refused, with what to look for, where no agent serves the node, and leave no port', async () => {
    const cluster = await VifCluster.open({ ...where, host: 'nobody-here' }, NeutronVifDriver);
    try {
      const requested = cluster.driver().requestVif(cluster.pod(), cluster.place, new AbortController().signal);
      await expect(requested).rejects.toMatchObject({
        code: 'ERR_VIF_UNAVAILABLE',
        message: expect.stringContaining("Neutron can't bind a port to node nobody-here"),
      });
      expect(await cluster.ports()).toEqual([]);
    } finally {
      await cluster.close();
    }
  });
});
