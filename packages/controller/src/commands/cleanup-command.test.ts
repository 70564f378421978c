import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CleanedUpCluster, names, OURS } from './cleaned-up-cluster.fixture.js';

let cluster: CleanedUpCluster;

beforeEach(async () => {
  cluster = await CleanedUpCluster.open();
});

afterEach(() => cluster.close());

describe('kuryr-l7 cleanup', () => {
  it('lists what is of the cluster in the order of deletion, and writes nothing', async () => {
    cluster.simulator.octavia.traffic.reset();
    expect(await cluster.run(false)).toBe(1);
    expect(cluster.lines[0]?.split('\n').map((line) => line.slice(0, 14).trim())).toEqual([
      'L7 policy',
      'pool',
      'load balancer',
      'floating IP',
      'secret',
    ]);
    const rows = cluster.lines[0]?.split('\n') ?? [];
    expect(rows[0]).toMatch(new RegExp(`  on load balancer router \\(${cluster.routerId}\\), listener http$`));
    expect(rows[1]).toMatch(new RegExp(`ours  on load balancer router \\(${cluster.routerId}\\)$`));
    expect(cluster.lines[1]).toMatch(/^5 objects of cluster c1 .*\. Stop its controller, then delete them with --yes/);
    expect(cluster.simulator.octavia.traffic.writes).toBe(0);
  });

  it('deletes it with --yes, and nothing that is untagged or of another cluster, nor the router', async () => {
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.lines.at(-1)).toMatch(
      /^Services that live on .*kubectl patch service .*service-finalizer"\]\}\}'$/s,
    );
    const { octavia, neutron, barbican } = cluster.cloud;
    expect(names(await octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(names(await octavia.pools.list())).toEqual(['other-cluster', 'theirs', 'untagged']);
    expect(await octavia.l7Policies.list()).toHaveLength(1);
    expect(await neutron.floatingIps.list()).toMatchObject([{ tags: [] }]);
    expect(names(await barbican.secrets.list())).toEqual(['kuryr-cluster=c10 router=r sha256=a']);
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.lines).toEqual([expect.stringMatching(/^Nothing else in .* is of cluster c1\.$/)]);
  });

  it('finds by their descriptions what was made and not tagged any more when the controller was killed', async () => {
    const { neutron } = cluster.cloud;
    const { networkId } = cluster.simulator.facts.networks.nodes;
    const halfMade = await cluster.floatingIp([], 'Floating IP for Kubernetes Service shop/web from cluster c1');
    const theirs = await cluster.floatingIp([], 'Floating IP for Kubernetes Service shop/web from cluster c10');
    const description = 'Security group created for Service shop/web from cluster c1';
    await neutron.securityGroups.create({ name: 'k8s_svc_c1_shop_web', description });
    await neutron.securityGroups.create({ name: 'k8s_svc_c1_shop_web', description: 'mine' });
    const ports = [
      await cluster.podPort(networkId, [], OURS),
      await cluster.podPort(networkId, [], ['kuryr-cluster=c1 kuryr-pod=uid']),
    ];
    const foreign = await cluster.podPort(networkId, [], ['kuryr-cluster=c10 kuryr-pod=uid']);
    await cluster.namespaceNetwork('ns/shop-net', '10.55.0.0/24', []);
    expect(await cluster.run(true)).toBe(0);
    const left = (await neutron.floatingIps.list()).map(({ id }) => id);
    expect([left.includes(halfMade), left.includes(theirs)]).toEqual([false, true]);
    expect((await neutron.securityGroups.list()).map((group) => group.description)).not.toContain(description);
    expect(names(await neutron.securityGroups.list())).toContain('k8s_svc_c1_shop_web');
    const leftPorts = (await neutron.ports.list()).map(({ id }) => id);
    expect(leftPorts.filter((id) => ports.includes(id))).toEqual([]);
    expect(leftPorts).toContain(foreign);
    expect(await cluster.networkNames()).toEqual([]);
  });

  it('goes on past what can not be deleted, and tells at the end what is left and why', async () => {
    for (let index = 0; index < 12; index += 1) await cluster.service(`web-${index}`);
    const [stuck] = (await cluster.cloud.octavia.loadBalancers.list()).filter(({ name }) => name === 'web-3');
    const network = await cluster.namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    const ports = [await cluster.podPort(network), await cluster.podPort(network)];
    const isOf =
      (...ids: readonly (string | undefined)[]) =>
      ({ method, path }: { readonly method: string; readonly path: string }) =>
        method === 'DELETE' && ids.some((id) => id !== undefined && path.includes(id));
    cluster.simulator.octavia.interference.fail({
      answer: 500,
      count: 100,
      message: 'worn out',
      matches: isOf(stuck?.id),
    });
    cluster.simulator.neutron.interference.fail({ answer: 403, count: 100, matches: isOf(ports[0]) });
    expect(await cluster.run(true)).toBe(1);
    expect(cluster.lines.slice(-4)).toEqual([
      expect.stringMatching(/^Left: load balancer web-3 \(.*\): .*500.*worn out/),
      expect.stringMatching(/^Left: port .*: .*403/),
      expect.stringMatching(/^Left: network ns\/shop-net \(.*\): there are ports in it/),
      expect.stringMatching(/^3 of 20 objects left\. Run the command again when that is mended\.$/),
    ]);
    cluster.simulator.octavia.interference.reset();
    cluster.simulator.neutron.interference.reset();
    expect(await cluster.run(true)).toBe(0);
    expect(names(await cluster.cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(await cluster.networkNames()).toEqual([]);
  });

  it('tries again what fails once', async () => {
    cluster.simulator.octavia.interference.fail({ answer: 500, matches: ({ method }) => method === 'DELETE' });
    cluster.simulator.neutron.interference.fail({ answer: 403, matches: ({ method }) => method === 'DELETE' });
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.lines.filter((line) => line.startsWith('Left'))).toEqual([]);
  });

  it.each([
    ['Barbican', 'key-manager', 'secrets', 4],
    ['Octavia', 'load-balancer', 'load balancers, policies, pools and secrets', 1],
  ])('does without %s where the cloud has none, and says so', async (service, missing, what, objects) => {
    cluster.simulator.keystone.catalog = cluster.simulator.keystone.catalog.filter(({ type }) => type !== missing);
    expect(await cluster.run(false)).toBe(1);
    expect(cluster.lines[0]).toMatch(new RegExp(`^There is no ${service} in the catalog: ${what} are not looked for`));
    expect(cluster.lines[1]?.split('\n')).toHaveLength(objects);
    expect(await cluster.run(true)).toBe(0);
  });

  it('does what it can where a service does not answer, and does not say that nothing is left', async () => {
    cluster.simulator.octavia.interference.fail({ answer: 403, count: 100, matches: ({ method }) => method === 'GET' });
    expect(await cluster.run(true)).toBe(1);
    expect(cluster.lines[0]).toMatch(
      /^Not read: load balancers, policies, pools and secrets could not be looked for: .*403.*Run/,
    );
    expect(await cluster.cloud.neutron.floatingIps.list()).toMatchObject([{ tags: [] }]);
    expect(await cluster.run(true)).toBe(1);
    expect(cluster.lines[1]).toMatch(/^Nothing that could be read in .* is of cluster c1\.$/);
    cluster.simulator.octavia.interference.reset();
    expect(await cluster.run(true)).toBe(0);
  });
});
