import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SYSTEM_CLOCK } from '@kuryr-l7/kube';
import type { Traffic } from '@kuryr-l7/openstack-simulator';
import type { LoadBalancer } from '@kuryr-l7/service-load-balancer';
import { listener, NEVER, SimulatedCloud } from './simulated-cloud.fixture.js';
import { PendingLoadBalancers } from './writing/pending-load-balancers.js';

const PENDING = { code: 'ERR_LOAD_BALANCER_PENDING' };

let there: SimulatedCloud;
let seen: PendingLoadBalancers;

beforeEach(async () => {
  there = await SimulatedCloud.start();
  seen = new PendingLoadBalancers();
});

afterEach(() => there.stop());

const wanted = (address: string, changes: Partial<LoadBalancer> = {}) =>
  there.wanted([listener(80, { members: [{ address, port: 8080 }] })], changes);

/** What comes next stays PENDING, as if somebody had waited for it already. */
function holdNext(): void {
  const { loadBalancers } = there.simulator.octavia.state;
  const set = loadBalancers.set.bind(loadBalancers);
  loadBalancers.set = (id, one) => {
    there.simulator.octavia.hold(id);
    seen.see(id, SYSTEM_CLOCK.now() - 10_000);
    return set(id, one);
  };
}

/** What a service is asked for while something is done. */
async function asked({ traffic }: { readonly traffic: Traffic }, run: () => Promise<unknown>) {
  const before = traffic.requests.length;
  await run();
  return traffic.requests
    .slice(before)
    .map(({ method, path }) => `${method} ${path.replace(/^.*\/(lbaas|v2\.0)\//, '').replace(/[0-9a-f-]{36}/g, '…')}`);
}

describe('what serves follows endpoints after a failure', () => {
  it('and nothing is asked for that while the only load balancer boots', async () => {
    const { subnetId } = there.simulator.facts.networks.vips;
    const tags = ['kuryr-cluster=test', 'kuryr-source=Service/shop/web'];
    holdNext();
    await there.cloud.octavia.loadBalancers.create({ name: 'shop/web', tags, vip_subnet_id: subnetId });
    const applier = await there.applier(600_000, seen);
    const request = { wanted: wanted('10.0.0.1'), projectId: there.projectId };
    for (const look of [() => applier.ensure(request, NEVER), () => applier.setMembers(request, NEVER)]) {
      const looked = () => expect(look()).rejects.toMatchObject(PENDING);
      expect(await asked(there.simulator.octavia, looked)).toHaveLength(2);
    }
  });

  it('but not once more where the cloud gives no answer', async () => {
    await there.ensure(wanted('10.0.0.1'));
    const applier = await there.applier();
    there.simulator.octavia.interference.fail({ answer: 'drop', count: 1_000 });
    const change = () =>
      expect(there.ensure(wanted('10.0.0.2'), applier)).rejects.toMatchObject({ code: 'ERR_LOAD_BALANCER_NOT_READY' });
    const writes = (await asked(there.simulator.octavia, change)).filter((one) => !one.startsWith('GET'));
    expect(writes).toEqual(['PUT pools/…/members']);
  });

  it('but is not opened once more where Neutron has just refused that', async () => {
    await there.ensure(wanted('10.0.0.1'));
    const applier = await there.applier();
    const { neutron } = there.simulator;
    neutron.interference.fail({ answer: 400, count: 1_000 });
    const memberSecurityGroup = {
      name: 'k8s_svc_test_shop_web',
      description: 'Security group created for Service shop/web from cluster test',
      openings: [{ protocol: 'TCP', port: 30_080 } as const],
      addresses: [],
    };
    const open = () =>
      expect(
        applier.ensure({ wanted: wanted('10.0.0.1'), projectId: there.projectId, memberSecurityGroup }, NEVER),
      ).rejects.toMatchObject({ code: 'ERR_LOAD_BALANCER_REFUSED' });
    expect((await asked(neutron, open)).filter((one) => !one.startsWith('GET'))).toEqual(['POST security-groups']);
  });

  it('and that it has refused to for too long is told, though the one that is to replace it is waited for', async () => {
    const { state, vipAddress } = await there.ensure(wanted('10.0.0.1'));
    const now = SYSTEM_CLOCK.now();
    for (let ago = 610_000; ago > 0; ago -= 30_000) seen.see(`writes to ${state.loadbalancer?.id}`, now - ago);
    holdNext();
    there.simulator.octavia.interference.fail({
      answer: 409,
      message: 'Load Balancer is immutable and cannot be updated.',
      count: 1_000,
      matches: ({ method }) => method === 'PUT',
    });
    const vip = { subnetId: there.simulator.facts.networks.vips.subnetId, address: vipAddress.replace(/\d+$/, '77') };
    const applier = await there.applier(600_000, seen);
    await expect(there.ensure(wanted('10.0.0.2', { vip }), applier)).rejects.toMatchObject({
      code: 'ERR_LOAD_BALANCER_NOT_READY',
      message: expect.stringContaining('immutable'),
    });
  });
});
