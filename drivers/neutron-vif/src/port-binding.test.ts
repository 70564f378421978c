import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Port } from '@kuryr-l7/openstack';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { VifCluster } from '@kuryr-l7/plugin/conformance';
import { NeutronVifDriver } from './neutron-vif-driver.js';
import { bindingTrouble } from './port-binding.js';

const SIGNAL = new AbortController().signal;

let where: SimulatedVifCloud;

beforeEach(async () => {
  where = await simulatedVifCloud();
});

afterEach(() => where.close());

/** A port as the simulated cloud has it, which is bound in another way. */
async function portBoundBy(type: string): Promise<Port> {
  const network_id = where.facts.networks.vips.networkId;
  const port = await where.cloud.neutron.ports.create({ network_id, 'binding:host_id': where.host });
  return { ...port, 'binding:vif_type': type };
}

describe('a port of a node', () => {
  it('that Open vSwitch serves is of use', async () => {
    expect(bindingTrouble(await portBoundBy('ovs'))).toBeUndefined();
  });

  it.each([
    ['', 'ERR_CONFIGURATION', 'Neutron does not tell how ports are bound: the user of [neutron] needs the role admin'],
    [
      'binding_failed',
      'ERR_VIF_UNAVAILABLE',
      "Neutron can't bind a port to node node-1: an agent of Neutron has to run",
    ],
    ['unbound', 'ERR_VIF_UNAVAILABLE', "Neutron can't bind a port to node node-1"],
    ...['bridge', 'vhostuser', 'hw_veb', 'macvtap'].map(
      (type) =>
        [type, 'ERR_CONFIGURATION', `node node-1 is served by ${type}, and pod_vif_driver = neutron-vif`] as const,
    ),
  ] as const)('that is bound by "%s" is refused, and the Pod told: %s', async (type, code, message) => {
    const trouble = bindingTrouble(await portBoundBy(type));
    expect(trouble).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each(['requestVif', 'requestVifs'] as const)(
    'can not be bound to it by a user who is no administrator, who is told what to do: %s',
    async (made) => {
      const cluster = await VifCluster.open(where, NeutronVifDriver);
      const { interference } = where.simulator.neutron;
      // As Neutron says it to everybody else.
      const message = '(rule:create_port and rule:create_port:binding:host_id) is disallowed by policy';
      interference.fail({ answer: 403, message, count: 10, matches: ({ method }) => method === 'POST' });
      const driver = cluster.driver();
      const pod = cluster.pod();
      const making =
        made === 'requestVif'
          ? driver.requestVif(pod, cluster.place, SIGNAL)
          : driver.requestVifs(pod, cluster.place, 2, SIGNAL);
      await expect(making).rejects.toMatchObject({
        code: 'ERR_CONFIGURATION',
        message: expect.stringMatching(
          /^the user of \[neutron\] may not bind ports to hosts \(403 .*by policy\): give it the role admin, or .* pod_vif_driver = nested-vlan$/,
        ),
      });
    },
  );

  it('that is of no use is not left behind', async () => {
    const cluster = await VifCluster.open(where, NeutronVifDriver);
    where.simulator.neutron.agents.hosts.clear();
    await expect(cluster.driver().requestVif(cluster.pod(), cluster.place, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_VIF_UNAVAILABLE',
    });
    expect(await cluster.ports()).toEqual([]);
  });
});
