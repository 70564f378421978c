import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { podVifDriverConformance, vifPoolDriverConformance } from '@kuryr-l7/plugin/conformance';
import { NetworkAgent } from './bed/network-agent.js';
import { type VifCloud, VifCluster } from './pod-vif-cloud.fixture.js';
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

for (const name of ['neutron-vif', 'nested-vlan'] as const) {
  podVifDriverConformance(
    { name, open: async () => (await VifCluster.open(where, name)).opened(name) },
    { describe, it },
  );
}

for (const [kind, of] of [
  ['noop', 'neutron-vif'],
  ['neutron', 'neutron-vif'],
  ['neutron', 'nested-vlan'],
] as const) {
  vifPoolDriverConformance(
    { name: `${kind}, of ${of}`, open: async () => (await VifCluster.open(where, of)).openedPool(kind, of) },
    { describe, it },
  );
}

describe('VIFs of Pods on a real Neutron', () => {
  it('are bound to the node by its agent, and say so', async () => {
    const cluster = await VifCluster.open(where);
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
    const cluster = await VifCluster.open({ ...where, host: 'nobody-here' });
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
