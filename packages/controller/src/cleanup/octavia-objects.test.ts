import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CleanedUpCluster, names, ROUTER_TAGS } from '../commands/cleaned-up-cluster.fixture.js';

let cluster: CleanedUpCluster;

beforeEach(async () => {
  cluster = await CleanedUpCluster.open();
});

afterEach(() => cluster.close());

describe('kuryr-l7 cleanup of load balancers and the L7 router', () => {
  it('leaves the router of another cluster with the same id alone, with its certificates, and says so', async () => {
    const other = await cluster.balancer('other', []);
    const [listener] = (await cluster.cloud.octavia.listeners.list()).filter(({ name }) => name === 'other');
    const tags = ROUTER_TAGS;
    await cluster.cloud.octavia.pools.create({
      loadbalancer_id: other,
      name: 'far',
      tags,
      protocol: 'HTTP',
      lb_algorithm: 'ROUND_ROBIN',
    });
    await cluster.simulator.octavia.idle();
    await cluster.cloud.octavia.l7Policies.create({ listener_id: listener?.id ?? '', action: 'REJECT', tags });
    await cluster.simulator.octavia.idle();
    const theirs = `kuryr-cluster=c1 router=${other} sha256=b`;
    await cluster.secret(theirs);
    expect(await cluster.run(true)).toBe(0);
    const stays = cluster.staying();
    expect(stays[0]).toMatch(
      /listeners, policies or pools with the tag on load balancer other \(.*cluster_id = c1 may.*L7_ROUTER_UUID=/,
    );
    expect(stays[1]).toMatch(/secret .* is of a router that is not \[ingress\] l7_router_uuid/);
    expect(names(await cluster.cloud.octavia.pools.list())).toContain('far');
    expect(await cluster.cloud.octavia.l7Policies.list()).toHaveLength(2);
    expect(names(await cluster.cloud.barbican.secrets.list())).toContain(theirs);
  });

  it('leaves the listeners that were made on the router, which others may use, and says so', async () => {
    const [listener] = (await cluster.cloud.octavia.listeners.list()).filter(({ name }) => name === 'http');
    const theirs = { loadbalancer_id: cluster.routerId, protocol: 'HTTP', protocol_port: 81, name: 'theirs' } as const;
    await cluster.cloud.octavia.listeners.create(theirs);
    await cluster.simulator.octavia.idle();
    expect(await cluster.run(true)).toBe(0);
    expect([...cluster.listenersTold, ...cluster.staying()]).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Stays: listener http \\(${listener?.id}\\) is on the L7 router, .* listener delete ${listener?.id}"\\)\\.$`,
        ),
      ),
    ]);
    expect(names(await cluster.cloud.octavia.listeners.list())).toEqual(expect.arrayContaining(['http', 'theirs']));
  });

  it('tells of listeners with the tag on a load balancer that is not the router of kuryr.conf, if of nothing else', async () => {
    await cluster.run(true);
    expect(await cluster.run(true, { OS_INGRESS__L7_ROUTER_UUID: '' })).toBe(0);
    expect([cluster.listenersTold, cluster.staying()]).toEqual([
      [],
      [expect.stringMatching(new RegExp(`there are listeners, .* on load balancer router \\(${cluster.routerId}\\)`))],
    ]);
  });

  it('says that nothing is of the cluster only where nothing is left, the listeners of its router neither', async () => {
    await cluster.run(true);
    const [listener] = (await cluster.cloud.octavia.listeners.list()).filter(({ name }) => name === 'http');
    for (const { id } of await cluster.cloud.octavia.l7Policies.list()) {
      await cluster.cloud.octavia.l7Policies.delete(id);
      await cluster.simulator.octavia.idle();
    }
    await cluster.cloud.octavia.listeners.delete(listener?.id ?? '');
    await cluster.simulator.octavia.idle();
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.lines).toEqual([expect.stringMatching(/^Nothing in .* is of cluster c1\.$/)]);
  });

  it('leaves the certificate of a listener that stays, without which the router would freeze, and says so', async () => {
    const used = `kuryr-cluster=c1 router=${cluster.routerId} sha256=used`;
    const reference = await cluster.secret(used);
    for (const listener of cluster.simulator.octavia.state.listeners.values()) {
      // As Octavia keeps it: whole, and with whatever host the client wrote.
      if (listener.name === 'http') listener.sni_container_refs = [reference.replace(/\/\/[^/]+/, '//elsewhere')];
    }
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.staying()).toEqual([
      `Stays: secret ${used} is used by a listener that stays: without it the load balancer would freeze.`,
    ]);
    expect(names(await cluster.cloud.barbican.secrets.list())).toEqual(
      ['kuryr-cluster=c10 router=r sha256=a', used].sort(),
    );
  });

  it.each([
    ['is not set', ''],
    ['is another one', '99f580e6-d894-442a-bc5f-4d14b41e10d2'],
  ])('deletes no router that has the tag where l7_router_uuid %s', async (_, OS_INGRESS__L7_ROUTER_UUID) => {
    expect(await cluster.run(true, { OS_INGRESS__L7_ROUTER_UUID })).toBe(0);
    expect(cluster.staying()[0]).toMatch(new RegExp(`on load balancer router \\(${cluster.routerId}\\), which is not`));
    expect(names(await cluster.cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(names(await cluster.cloud.octavia.pools.list())).toEqual(expect.arrayContaining(['ours', 'theirs']));
  });

  it('leaves a pool of ours that is the default of a listener that stays, and says so', async () => {
    const [listener] = (await cluster.cloud.octavia.listeners.list()).filter(({ name }) => name === 'http');
    const fallback = await cluster.pool('fallback', ROUTER_TAGS);
    await cluster.cloud.octavia.listeners.update(listener?.id ?? '', { default_pool_id: fallback });
    await cluster.simulator.octavia.idle();
    expect(await cluster.run(true)).toBe(0);
    expect(cluster.staying()).toEqual([
      `Stays: pool fallback (${fallback}) is the default pool of a listener that stays.`,
    ]);
    expect(await cluster.cloud.octavia.pools.get(fallback)).toMatchObject({ name: 'fallback' });
    expect((await cluster.cloud.octavia.listeners.get(listener?.id ?? '')).default_pool_id).toBe(fallback);
  });

  it('ends on a router in ERROR, on which nothing can be changed, and deletes everything else', async () => {
    const router = cluster.simulator.octavia.state.loadBalancers.get(cluster.routerId);
    if (router === undefined) throw new Error('there is no router');
    router.provisioning_status = 'ERROR';
    expect(await cluster.run(true)).toBe(1);
    expect(cluster.lines.slice(-3)).toEqual([
      expect.stringMatching(/^Left: L7 policy .*: load balancer .* is in ERROR, .*failover/),
      expect.stringMatching(/^Left: pool ours .*: load balancer .* is in ERROR/),
      expect.stringMatching(/^2 of 5 objects left/),
    ]);
    expect(names(await cluster.cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(names(await cluster.cloud.barbican.secrets.list())).toEqual(['kuryr-cluster=c10 router=r sha256=a']);
  });

  it('names what others have made below a load balancer of a Service, as that goes with it', async () => {
    const { octavia } = cluster.cloud;
    const balancer = (await octavia.loadBalancers.list()).find(({ name }) => name === 'web');
    const loadbalancer_id = balancer?.id ?? '';
    await octavia.listeners.create({ loadbalancer_id, name: 'theirs', protocol: 'TCP', protocol_port: 9_000 });
    await cluster.simulator.octavia.idle();
    await octavia.pools.create({ loadbalancer_id, name: 'odd', protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' });
    await cluster.simulator.octavia.idle();
    await cluster.run(false);
    const row = cluster.lines[0]?.split('\n').find((line) => line.startsWith('load balancer'));
    expect(row).toMatch(/ {2}with listener theirs \(.*\), pool odd \(.*\), which others have made$/);
  });

  it('deletes load balancers of Services in ERROR', async () => {
    for (const balancer of cluster.simulator.octavia.state.loadBalancers.values()) {
      if (balancer.name === 'web') balancer.provisioning_status = 'ERROR';
    }
    expect(await cluster.run(true)).toBe(0);
    expect(names(await cluster.cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
  });
});
