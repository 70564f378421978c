import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeChange } from '../change.js';
import { compile, compiled, node, service, slice } from '../cluster.fixture.js';
import type { LoadBalancer } from '../model.js';
import type { ObservedLoadBalancer } from '../observed.js';
import { OctaviaModel } from './octavia-model.fixture.js';
import { planLoadBalancer, planMembers } from './plan-load-balancer.js';

const monitored = { healthMonitor: true };

function balancer(
  ports: readonly { port: number; protocol?: string }[] = [{ port: 80 }],
  addresses: readonly string[] = ['10.1.0.1', '10.1.0.2'],
  annotations: Readonly<Record<string, string>> = {},
  settings: Parameters<typeof compiled>[2] = {},
): LoadBalancer {
  const named = ports.map(({ port, protocol = 'TCP' }) => ({
    name: `${protocol}${port}`.toLowerCase(),
    port,
    protocol,
  }));
  const slices = [
    slice(
      addresses,
      named.map(({ name, protocol }) => ({ name, port: 8080, protocol })),
    ),
  ];
  return compiled(service({ ports: named }, annotations), { slices }, settings);
}

/** The writes from one to the other, in words; they are carried out on the way. */
function writes(from: LoadBalancer | undefined, to: LoadBalancer | undefined): readonly string[] {
  const octavia = new OctaviaModel();
  for (const change of planLoadBalancer(from, [])) octavia.apply(change);
  const changes = planLoadBalancer(to, octavia.loadBalancers);
  for (const change of changes) octavia.apply(change);
  expect(planLoadBalancer(to, octavia.loadBalancers)).toEqual([]);
  return changes.map(describeChange);
}

describe('the plan of a load balancer', () => {
  it('is one fully populated request for a new one, whatever it has', () => {
    expect(
      writes(undefined, balancer([{ port: 80 }, { port: 53, protocol: 'UDP' }], undefined, {}, monitored)),
    ).toEqual(['create load balancer shop/web']);
  });

  it('is one write for its end', () => {
    expect(writes(balancer(), undefined)).toEqual(['delete load balancer new-1']);
  });

  it('is one batch for any number of endpoints', () => {
    expect(writes(balancer(), balancer([{ port: 80 }], ['10.1.0.2', '10.1.0.3', '10.1.0.4']))).toEqual([
      'set 3 members of pool TCP:80/TCP',
    ]);
  });

  it('is one batch to scale to zero, and one back', () => {
    expect(writes(balancer(), balancer([{ port: 80 }], []))).toEqual(['set 0 members of pool TCP:80/TCP']);
    expect(writes(balancer([{ port: 80 }], []), balancer())).toEqual(['set 2 members of pool TCP:80/TCP']);
  });

  it('is two batches for another subnet of the members, which Octavia does not change', () => {
    const inSubnet = (digit: string) =>
      balancer(undefined, undefined, {
        'loadbalancer.openstack.org/member-subnet-id': `99f580e6-d894-442a-bc5f-4d14b41e10d${digit}`,
      });
    const batches = ['set 0 members of pool TCP:80/TCP', 'set 2 members of pool TCP:80/TCP'];
    expect(writes(inSubnet('1'), inSubnet('2'))).toEqual(batches);
    expect(writes(balancer(), inSubnet('1'))).toEqual(batches);
    expect(writes(inSubnet('1'), balancer())).toEqual(batches);
    expect(writes(inSubnet('a'), inSubnet('A'))).toEqual([]);
  });

  it('of members alone sets those of ports that are there, whatever else differs', () => {
    const octavia = new OctaviaModel();
    for (const change of planLoadBalancer(balancer([{ port: 80 }, { port: 81 }]), [])) octavia.apply(change);
    const proxy = { 'loadbalancer.openstack.org/proxy-protocol': 'true' };
    const wanted = balancer([{ port: 80 }, { port: 82 }], ['10.1.0.3'], proxy);
    const changes = planMembers(wanted, octavia.loadBalancers);
    expect(changes.map(describeChange)).toEqual(['set 1 member of pool TCP:80/TCP']);
    for (const change of changes) octavia.apply(change);
    expect(planMembers(wanted, octavia.loadBalancers)).toEqual([]);
    expect(planMembers(wanted, [])).toEqual([]);
    expect(
      planMembers(
        wanted,
        octavia.loadBalancers.map((one) => ({ ...one, failed: true })),
      ),
    ).toEqual([]);
  });

  it('of members alone keeps to the subnet that members have, whatever is asked for now', () => {
    const inSubnet = (digit: string, ...addresses: readonly string[]) =>
      balancer(undefined, addresses, {
        'loadbalancer.openstack.org/member-subnet-id': `99f580e6-d894-442a-bc5f-4d14b41e10d${digit}`,
      });
    const octavia = new OctaviaModel();
    for (const change of planLoadBalancer(inSubnet('1', '10.1.0.1'), [])) octavia.apply(change);
    const wanted = inSubnet('2', '10.1.0.1', '10.1.0.2');
    for (const change of planMembers(wanted, octavia.loadBalancers)) octavia.apply(change);
    const subnets = octavia.loadBalancers[0]?.pools[0]?.members.map(({ subnetId }) => subnetId?.at(-1));
    expect(subnets).toEqual(['1', '1']);
    expect(planMembers(wanted, octavia.loadBalancers)).toEqual([]);
  });

  it.each([
    [true, [32000, 32000]],
    [false, [undefined, undefined]],
  ])('of members alone has them checked where the pool has a monitor for it (%s)', (healthMonitor, expected) => {
    const local = { externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 };
    const nodes = [node('a', '10.0.0.1'), node('b', '10.0.0.2')];
    const at = (...names: readonly string[]) => ({
      nodes,
      slices: [slice(names.map((nodeName) => ({ addresses: ['10.1.0.1'], nodeName })))],
    });
    const settings = { memberMode: 'nodeport', healthMonitor } as const;
    const octavia = new OctaviaModel();
    for (const change of planLoadBalancer(compiled(service(local), at('a'), settings), [])) octavia.apply(change);
    const annotation = { 'loadbalancer.openstack.org/enable-health-monitor': 'yes' };
    const unreadable = service(local, annotation);
    const inDoubt = { ...settings, healthMonitor: false };
    for (const names of [['a', 'b'], [], ['a', 'b']]) {
      const refused = compile(unreadable, at(...names), inDoubt);
      if (refused.outcome !== 'refused') throw new Error(refused.outcome);
      for (const change of planMembers(refused.loadBalancer, octavia.loadBalancers)) octavia.apply(change);
      const ports = octavia.loadBalancers[0]?.pools[0]?.members.map(({ monitorPort }) => monitorPort);
      expect(ports).toEqual(names.length === 0 ? [] : expected);
    }
  });

  it('takes endpoints away before it makes anything', () => {
    const before = balancer([{ port: 80 }]);
    expect(writes(before, balancer([{ port: 80 }, { port: 81 }], ['10.1.0.1']))).toEqual([
      'set 1 member of pool TCP:80/TCP',
      'create pool TCP:81/TCP',
      'set 1 member of pool TCP:81/TCP',
      'create listener TCP:81',
    ]);
  });

  it('closes a port before it opens another', () => {
    expect(writes(balancer([{ port: 80 }]), balancer([{ port: 81 }]))).toEqual([
      'delete listener TCP:80',
      'create pool TCP:81/TCP',
      'set 2 members of pool TCP:81/TCP',
      'create listener TCP:81',
      'delete pool TCP:80/TCP',
    ]);
  });

  it('fills another pool before the listener leads there, when the protocol of members changes', () => {
    const proxy = { 'loadbalancer.openstack.org/proxy-protocol': 'true' };
    expect(writes(balancer(), balancer(undefined, undefined, proxy))).toEqual([
      'create pool TCP:80/PROXY',
      'set 2 members of pool TCP:80/PROXY',
      'update listener TCP:80',
      'delete pool TCP:80/TCP',
    ]);
  });

  it('replaces the listener of a port whose protocol changes when its pool is full, and it can be had', () => {
    const http = { 'loadbalancer.openstack.org/x-forwarded-for': 'true' };
    expect(writes(balancer(), balancer(undefined, undefined, http))).toEqual([
      'create pool TCP:80/HTTP',
      'set 2 members of pool TCP:80/HTTP',
      'try listener TCP:80',
      'delete listener TCP:80',
      'create listener TCP:80',
      'delete pool TCP:80/TCP',
    ]);
  });

  it('is one write each for a setting of the listener, of the pool, and for the monitor', () => {
    const annotated = (name: string, value: string) =>
      balancer(undefined, undefined, { [`loadbalancer.openstack.org/${name}`]: value });
    expect(writes(balancer(), annotated('timeout-client-data', '9'))).toEqual(['update listener TCP:80']);
    expect(writes(annotated('timeout-client-data', '9'), balancer())).toEqual(['update listener TCP:80']);
    expect(writes(balancer(), annotated('lb-method', 'SOURCE_IP'))).toEqual(['update pool TCP:80/TCP']);
    expect(writes(balancer(), annotated('enable-health-monitor', 'true'))).toEqual([
      'create the health monitor of pool TCP:80/TCP',
    ]);
    expect(writes(annotated('enable-health-monitor', 'true'), balancer())).toEqual([
      'delete the health monitor of pool TCP:80/TCP',
    ]);
  });

  it('makes one in ERROR anew, and one with another VIP before the one that works goes', () => {
    const kuryr = { serviceTypes: ['ClusterIP', 'LoadBalancer'] } as const;
    const wanted = balancer(undefined, undefined, {}, kuryr);
    const octavia = new OctaviaModel();
    for (const change of planLoadBalancer(wanted, [])) octavia.apply(change);
    const [made] = octavia.loadBalancers;
    const failed = octavia.loadBalancers.map((one) => ({ ...one, failed: true }));
    expect(planLoadBalancer(wanted, failed).map(({ type }) => type)).toEqual([
      'deleteLoadBalancer',
      'createLoadBalancer',
    ]);
    const elsewhere = { ...wanted, vip: { ...wanted.vip, address: '10.96.0.8' } };
    const replacing = planLoadBalancer(elsewhere, octavia.loadBalancers);
    expect(replacing.map(({ type }) => type)).toEqual(['createLoadBalancer', 'deleteLoadBalancer']);
    expect(made?.vipAddress).toBe('10.96.0.7');
    // The controller is killed in between, or the new one is in ERROR.
    for (const change of replacing.slice(0, 1)) octavia.apply(change);
    const [before, after] = octavia.loadBalancers.map(({ id }) => id);
    expect(planLoadBalancer(elsewhere, octavia.loadBalancers)).toEqual([{ type: 'deleteLoadBalancer', id: before }]);
    const broken = octavia.loadBalancers.map((one) => ({ ...one, failed: one.id === after }));
    expect(planLoadBalancer(elsewhere, broken)).toMatchObject([
      { type: 'deleteLoadBalancer', id: after },
      { type: 'createLoadBalancer' },
      { type: 'deleteLoadBalancer', id: before },
    ]);
  });

  it('asks for the address that one had when it is made anew, unless it must have another', () => {
    const octavia = new OctaviaModel();
    const wanted = balancer();
    for (const change of planLoadBalancer(wanted, [])) octavia.apply(change);
    const failed = octavia.loadBalancers.map((one) => ({ ...one, vipAddress: '203.0.113.9', failed: true }));
    const vipOf = (asked: LoadBalancer) => {
      const [made] = planLoadBalancer(asked, failed).filter((change) => change.type === 'createLoadBalancer');
      return made?.loadBalancer.vip;
    };
    expect(vipOf(wanted)).toEqual({ ...wanted.vip, preferredAddress: '203.0.113.9' });
    const elsewhere = { ...wanted, vip: { ...wanted.vip, address: '203.0.113.8' } };
    expect(vipOf(elsewhere)).toEqual(elsewhere.vip);
  });

  it('keeps the oldest of two that a lost answer left, and writes once more what is in ERROR', () => {
    const octavia = new OctaviaModel();
    const wanted = balancer();
    for (const change of [...planLoadBalancer(wanted, []), ...planLoadBalancer(wanted, [])]) octavia.apply(change);
    expect(planLoadBalancer(wanted, octavia.loadBalancers)).toEqual([
      { type: 'deleteLoadBalancer', id: octavia.loadBalancers[1]?.id },
    ]);
    const [one] = octavia.loadBalancers;
    const broken = { ...one, pools: one?.pools.map((pool) => ({ ...pool, failed: true })) } as ObservedLoadBalancer;
    expect(planLoadBalancer(wanted, [broken]).map(describeChange)).toEqual(['update pool TCP:80/TCP']);
  });

  it('writes once more a listener, members or a monitor in ERROR, each for itself', () => {
    const wanted = balancer(undefined, undefined, {}, monitored);
    const octavia = new OctaviaModel();
    for (const change of planLoadBalancer(wanted, [])) octavia.apply(change);
    const writesFor = (broken: (one: ObservedLoadBalancer) => Partial<ObservedLoadBalancer>) => {
      const there = octavia.loadBalancers.map((one) => ({ ...one, ...broken(one) }));
      return planLoadBalancer(wanted, there).map(describeChange);
    };
    const failed = <T extends object>(object: T) => ({ ...object, failed: true });
    expect(writesFor(({ listeners }) => ({ listeners: listeners.map(failed) }))).toEqual(['update listener TCP:80']);
    expect(
      writesFor(({ pools }) => ({ pools: pools.map((pool) => ({ ...pool, members: pool.members.map(failed) })) })),
    ).toEqual(['set 2 members of pool TCP:80/TCP']);
    expect(
      writesFor(({ pools }) => ({
        pools: pools.map(({ healthMonitor, ...pool }) => ({
          ...pool,
          ...(healthMonitor !== undefined && { healthMonitor: failed(healthMonitor) }),
        })),
      })),
    ).toEqual(['update the health monitor of pool TCP:80/TCP']);
  });

  it('leaves the health monitor of an administrator where it is', () => {
    const octavia = new OctaviaModel();
    for (const change of planLoadBalancer(balancer(), [])) octavia.apply(change);
    const theirs = { id: 'x', type: 'PING', delay: 9, timeout: 9, maxRetries: 1, maxRetriesDown: 1 };
    const there = octavia.loadBalancers.map((one) => ({
      ...one,
      pools: one.pools.map((pool) => ({ ...pool, healthMonitor: { ...theirs, foreign: true, failed: false } })),
    }));
    expect(planLoadBalancer(balancer(), there)).toEqual([]);
    expect(planLoadBalancer(balancer(undefined, undefined, {}, monitored), there)).toEqual([]);
  });

  const arbitraryBalancer = fc
    .record({
      ports: fc.uniqueArray(
        fc.record({ port: fc.constantFrom(53, 80, 443), protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') }),
        { minLength: 1, maxLength: 5, selector: ({ port, protocol }) => `${protocol}${port}` },
      ),
      addresses: fc.uniqueArray(fc.constantFrom('10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.4')),
      annotations: fc.record(
        {
          'loadbalancer.openstack.org/proxy-protocol': fc.constantFrom('v1', 'v2', 'false'),
          'loadbalancer.openstack.org/x-forwarded-for': fc.constantFrom('true', 'false'),
          'loadbalancer.openstack.org/enable-health-monitor': fc.constantFrom('true', 'false'),
          'loadbalancer.openstack.org/health-monitor-delay': fc.constantFrom('5', '9'),
          'loadbalancer.openstack.org/lb-method': fc.constantFrom('ROUND_ROBIN', 'SOURCE_IP'),
          'loadbalancer.openstack.org/timeout-member-data': fc.constantFrom('1', '2'),
          'loadbalancer.openstack.org/member-subnet-id': fc.constantFrom(
            '99f580e6-d894-442a-bc5f-4d14b41e10d1',
            '99f580e6-d894-442a-bc5f-4d14b41e10d2',
          ),
        },
        { requiredKeys: [] },
      ),
    })
    .map(({ ports, addresses, annotations }) =>
      balancer(
        ports,
        addresses,
        Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== undefined)),
      ),
    );

  /** Something of an administrator's below our load balancer. */
  const foreignListener = {
    id: 'foreign-listener',
    key: undefined,
    protocol: 'PROMETHEUS',
    port: 9100,
    settings: { allowedCidrs: [], connectionLimit: -1, insertHeaders: [] },
    poolId: undefined,
    failed: false,
  };
  const foreignPool = {
    id: 'foreign-pool',
    key: undefined,
    protocol: 'TCP',
    lbAlgorithm: 'ROUND_ROBIN',
    members: [],
    failed: false,
  };

  it('converges from any state in one run, then writes nothing, and never touches what is foreign', () => {
    fc.assert(
      fc.property(
        arbitraryBalancer,
        arbitraryBalancer,
        fc.array(fc.boolean(), { minLength: 4 }),
        (from, to, broken) => {
          const octavia = new OctaviaModel();
          for (const change of planLoadBalancer(from, [])) octavia.apply(change);
          octavia.loadBalancers = octavia.loadBalancers.map((one) => ({
            ...one,
            listeners: [
              ...one.listeners.map((l, index) => ({ ...l, failed: broken[index % 4] === true })),
              foreignListener,
            ],
            pools: [...one.pools.map((p, index) => ({ ...p, failed: broken[(index + 1) % 4] === true })), foreignPool],
          }));
          for (const change of planLoadBalancer(to, octavia.loadBalancers)) {
            expect(JSON.stringify(change)).not.toContain('foreign-');
            octavia.apply(change);
          }
          expect(planLoadBalancer(to, octavia.loadBalancers)).toEqual([]);
          const [there] = octavia.loadBalancers;
          expect(there?.listeners).toContainEqual(foreignListener);
          expect(there?.pools).toContainEqual(foreignPool);
          expect(there?.listeners.map(({ key }) => key).sort()).toEqual(
            [undefined, ...to.listeners.map(({ key }) => key)].sort(),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes on from wherever it was killed', () => {
    fc.assert(
      fc.property(arbitraryBalancer, arbitraryBalancer, fc.nat({ max: 20 }), (from, to, killedAfter) => {
        const octavia = new OctaviaModel();
        for (const change of planLoadBalancer(from, [])) octavia.apply(change);
        for (const change of planLoadBalancer(to, octavia.loadBalancers).slice(0, killedAfter)) octavia.apply(change);
        for (const change of planLoadBalancer(to, octavia.loadBalancers)) octavia.apply(change);
        expect(planLoadBalancer(to, octavia.loadBalancers)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
