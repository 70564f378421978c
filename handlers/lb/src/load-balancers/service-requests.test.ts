import { expect, it } from '@jest/globals';
import { FakedCluster, until, web } from './faked-cluster.fixture.js';

const DUAL_STACK = [
  { id: 'vips-4', ip_version: 4 },
  { id: 'vips-6', ip_version: 6 },
] as const;

it.each([
  ['10.96.0.7', DUAL_STACK, 'vips-4'],
  ['2001:db8::7', DUAL_STACK, 'vips-6'],
  ['2001:db8::7', DUAL_STACK.slice(0, 1), 'vips-4'],
] as const)(
  'the VIP of a Service with the clusterIP %s is in the subnet of its family, if there is one',
  async (clusterIP, subnets, expected) => {
    const cluster = new FakedCluster();
    cluster.subnets = subnets;
    cluster.apply(web({ clusterIP }));
    await until(() => cluster.requests.length > 0);
    expect(cluster.requests.map(({ wanted }) => wanted.vip.subnetId)).toEqual([expected]);
    await cluster.stop();
  },
);

it('members follow a node that the cluster autoscaler is about to delete, which only its taint says', async () => {
  const cluster = new FakedCluster({ memberMode: 'nodeport' });
  const node = (name: string, address: string, taints: readonly object[] = []) => ({
    metadata: { name },
    spec: { taints },
    status: { addresses: [{ type: 'InternalIP', address }], conditions: [{ type: 'Ready', status: 'True' }] },
  });
  cluster.applyNode(node('a', '10.0.0.1'));
  cluster.applyNode(node('b', '10.0.0.2'));
  cluster.apply(web({ ports: [{ port: 80, nodePort: 30080 }] }));
  await until(() => cluster.requests.length === 1);
  cluster.applyNode(node('b', '10.0.0.2', [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }]));
  await until(() => cluster.requests.length === 2);
  const members = cluster.requests.map(({ wanted }) =>
    wanted.listeners.flatMap(({ pool }) => pool.members.map(({ address }) => address)),
  );
  expect(members).toEqual([['10.0.0.1', '10.0.0.2'], ['10.0.0.1']]);
  await cluster.stop();
});
