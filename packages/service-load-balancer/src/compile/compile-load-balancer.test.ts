import { describe, expect, it } from '@jest/globals';
import { compile, compiled, membersOf, node, service, slice, wanted } from '../cluster.fixture.js';
import type { Service } from '../service.js';
import { SERVICE_FINALIZER } from './service-claim.js';

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** Whom the listener of a Service lets in. */
const cidrs = (
  spec: Parameters<typeof service>[0],
  annotations: Parameters<typeof service>[1] = {},
  settings: Parameters<typeof compiled>[2] = {},
) => compiled(service(spec, annotations), {}, settings).listeners[0]?.settings.allowedCidrs;

const reasons = (of: ReturnType<typeof compile>) => of.problems.map(({ reason }) => reason);

describe('the load balancer of a Service', () => {
  it('has a listener and a pool for each port, named as in Kuryr, described as Magnum looks for', () => {
    expect(wanted(service(), { slices: [slice(['10.1.0.1', '10.1.0.2'])] })).toEqual({
      outcome: 'wanted',
      loadBalancer: {
        service: 'shop/web',
        name: 'shop/web',
        description: 'Kubernetes Service shop/web from cluster c1',
        vip: { subnetId: 'vips' },
        placement: {},
        listeners: [
          {
            key: 'TCP:80',
            protocol: 'TCP',
            port: 80,
            settings: { allowedCidrs: [], connectionLimit: -1, insertHeaders: [] },
            pool: {
              protocol: 'TCP',
              lbAlgorithm: 'ROUND_ROBIN',
              members: [
                { address: '10.1.0.1', port: 8080 },
                { address: '10.1.0.2', port: 8080 },
              ],
            },
          },
        ],
      },
      publicAddress: { networkId: 'public', keep: false },
      keepsPublicAddress: true,
      usesProxyProtocol: false,
      problems: [],
    });
    expect(compiled(service()).description).toMatch(/Kubernetes .+ from cluster c1/);
  });

  it('tells TCP, UDP and SCTP apart on one port, and the pools of named ports', () => {
    const ports = [
      { name: 'dns', port: 53, targetPort: 'dns-tcp', protocol: 'TCP' },
      { name: 'dns-udp', port: 53, targetPort: 5353, protocol: 'UDP' },
      { name: 'signals', port: 2905, protocol: 'SCTP' },
    ];
    const slices = [
      slice(
        ['10.1.0.1'],
        [
          { name: 'dns', port: 5301, protocol: 'TCP' },
          { name: 'dns-udp', port: 5353, protocol: 'UDP' },
          { name: 'signals', port: 2905, protocol: 'SCTP' },
        ],
      ),
    ];
    const balancer = compiled(service({ ports }), { slices });
    expect(balancer.listeners.map(({ key, pool }) => [key, pool.protocol])).toEqual([
      ['SCTP:2905', 'SCTP'],
      ['TCP:53', 'TCP'],
      ['UDP:53', 'UDP'],
    ]);
    expect(membersOf(balancer, 'TCP:53')).toEqual(['10.1.0.1:5301']);
    expect(membersOf(balancer, 'UDP:53')).toEqual(['10.1.0.1:5353']);
  });

  it('takes the port of each Pod where a named target port differs from Pod to Pod', () => {
    const slices = [slice(['10.1.0.1'], [{ port: 8080 }]), slice(['10.1.0.2'], [{ port: 9090 }])];
    expect(membersOf(compiled(service(), { slices }))).toEqual(['10.1.0.1:8080', '10.1.0.2:9090']);
  });

  it('takes several slices together, an endpoint once, and none of other Services', () => {
    const slices = [slice(['10.1.0.2']), slice(['10.1.0.1', '10.1.0.2']), slice(['10.1.0.9'], undefined, 'other')];
    expect(membersOf(compiled(service(), { slices }))).toEqual(['10.1.0.1:8080', '10.1.0.2:8080']);
  });

  it('serves a Service without selector by the slices that somebody made by hand', () => {
    const { selector: _, ...spec } = service().spec ?? {};
    const handmade = { ...service(), spec } as Service;
    expect(membersOf(compiled(handmade, { slices: [slice(['192.0.2.10'], [{ port: 9376 }])] }))).toEqual([
      '192.0.2.10:9376',
    ]);
  });

  it('keeps its listeners when scaled to zero, with an empty pool', () => {
    const balancer = compiled(service(), { slices: [] });
    expect(membersOf(balancer)).toEqual([]);
    expect(compiled(service(), { slices: [slice(['10.1.0.1'])] }).listeners[0]?.key).toBe(balancer.listeners[0]?.key);
  });

  it('uses ready endpoints, and those that terminate and still serve only where none is ready', () => {
    const leaving = { addresses: ['10.1.0.3'], conditions: { ready: false, serving: true, terminating: true } };
    const gone = { addresses: ['10.1.0.4'], conditions: { ready: false, serving: false, terminating: true } };
    expect(membersOf(compiled(service(), { slices: [slice(['10.1.0.1', leaving, gone])] }))).toEqual(['10.1.0.1:8080']);
    expect(membersOf(compiled(service(), { slices: [slice([leaving, gone])] }))).toEqual(['10.1.0.3:8080']);
  });

  it('has a VIP and members of the first family of a dual-stack Service, and says so where both are required', () => {
    const slices = [slice(['10.1.0.1']), { ...slice(['2001:db8::1']), addressType: 'IPv6' }];
    const dual = { ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'RequireDualStack', clusterIP: '2001:db8:1::7' };
    const compilation = wanted(service(dual), { slices });
    expect(membersOf(compilation.loadBalancer)).toEqual(['2001:db8::1:8080']);
    expect(reasons(compilation)).toEqual(['SecondAddressFamilyNotServed']);
    expect(membersOf(compiled(service({ ipFamilies: ['IPv4', 'IPv6'] }), { slices }))).toEqual(['10.1.0.1:8080']);
  });

  describe.each([
    ['ExternalName', { type: 'ExternalName', externalName: 'example.com' }, 'ServiceTypeNotSupported'],
    ['headless', { type: 'ClusterIP', clusterIP: 'None' }, 'HeadlessService'],
  ] as const)('of %s Services', (_kind, spec, reason) => {
    const types = { serviceTypes: ['ClusterIP', 'LoadBalancer'] } as const;
    const told = (one: Service) => {
      const compilation = compile(one, {}, types);
      return [compilation.outcome, ...reasons(compilation)];
    };

    it('is nothing that anybody misses where they are names in DNS and ask for none', () => {
      expect(told(service(spec))).toEqual(['none']);
      expect(told(service(spec, { 'example.com/note': 'x' }))).toEqual(['none']);
    });

    it('is not made, for a reason, where they ask for one, or had one', () => {
      const had = service(spec);
      for (const asking of [
        service(spec, { 'loadbalancer.openstack.org/keep-floatingip': 'true' }),
        service(spec, { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' }),
        service({ ...spec, loadBalancerIP: '203.0.113.9' }),
        service({ ...spec, loadBalancerClass: 'openstack.org/kuryr-l7' }),
        service({ ...spec, loadBalancerSourceRanges: ['192.0.2.0/24'] }),
        { ...had, metadata: { ...had.metadata, finalizers: [SERVICE_FINALIZER] } },
      ]) {
        expect(told(asking)).toEqual(['none', reason]);
      }
    });
  });

  it('is made for the types that lb_service_types names, and for none by default', () => {
    for (const type of ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']) {
      expect(compile(service({ type }), {}, { serviceTypes: [] })).toEqual({ outcome: 'none', problems: [] });
    }
    expect(compile(service({ type: 'NodePort' })).outcome).toBe('none');
    expect(compile(service({ type: 'NodePort' }), {}, { serviceTypes: ['NodePort'] }).outcome).toBe('wanted');
  });

  it('has the clusterIP for its VIP where Services of type ClusterIP are served', () => {
    const kuryr = { serviceTypes: ['ClusterIP', 'LoadBalancer'] } as const;
    expect(compiled(service(), {}, kuryr).vip).toEqual({ address: '10.96.0.7', subnetId: 'vips' });
    expect(reasons(compile(service({ clusterIP: '' }), {}, kuryr))).toEqual(['NoClusterIP']);
    expect(wanted(service({ type: 'ClusterIP' }), {}, kuryr).publicAddress).toBeUndefined();
  });

  it('is not asked for where the subnet of Services does not hold the clusterIP, and the Event names the option', () => {
    const kuryr = { serviceTypes: ['ClusterIP'], vipCidr: '10.0.0.0/24' } as const;
    const outside = compile(service({ type: 'ClusterIP' }), {}, kuryr);
    expect([outside.outcome, ...reasons(outside)]).toEqual(['refused', 'NoServiceSubnet']);
    expect(outside.problems[0]?.message).toMatch(/10\.96\.0\.7 is not in .* 10\.0\.0\.0\/24.* service_subnet/);
    expect(compile(service({ type: 'ClusterIP', clusterIP: '10.0.0.9' }), {}, kuryr).outcome).toBe('wanted');
    expect(compile(service(), {}, { ...kuryr, serviceTypes: ['LoadBalancer'] }).outcome).toBe('wanted');
  });

  it('leaves Services alone that another controller serves', () => {
    expect(compile(service({ loadBalancerClass: 'example.com/other' }))).toEqual({ outcome: 'none', problems: [] });
    expect(compile(service(), {}, { handleClassless: false }).outcome).toBe('none');
    const ours = service({ loadBalancerClass: 'openstack.org/kuryr-l7' });
    expect(compile(ours, {}, { handleClassless: false }).outcome).toBe('wanted');
    const claimed = service();
    const metadata = { ...claimed.metadata, finalizers: ['service.kubernetes.io/load-balancer-cleanup'] };
    const foreign = compile({ ...claimed, metadata });
    expect([foreign.outcome, ...reasons(foreign)]).toEqual(['none', 'ServedByAnotherController']);
  });

  it.each([
    ['another controller puts its finalizer there', ['service.kubernetes.io/load-balancer-cleanup'], {}],
    ['lb_handle_classless is switched off', [], { handleClassless: false }],
    ['lb_service_types leaves its type out', [], { serviceTypes: ['NodePort' as const] }],
  ])('is kept, with the members of today, when %s, until the Service is of another type', (_name, others, settings) => {
    const held = (type: string) => {
      const one = service({ type });
      return { ...one, metadata: { ...one.metadata, finalizers: [SERVICE_FINALIZER, ...others] } };
    };
    const compilation = compile(held('LoadBalancer'), { slices: [slice(['10.1.0.1'])] }, settings);
    if (compilation.outcome !== 'refused') throw new Error(compilation.outcome);
    expect(reasons(compilation)).toEqual(['LoadBalancerKept']);
    expect(membersOf(compilation.loadBalancer)).toEqual(['10.1.0.1:8080']);
    expect(compile(held('ClusterIP'), {}, settings)).toEqual({ outcome: 'none', problems: [] });
  });

  it('lets in only loadBalancerSourceRanges, and is not made while one of them is wrong', () => {
    const ranges = { loadBalancerSourceRanges: ['192.0.2.0/24', '10.0.0.0/8 '] };
    expect(compiled(service(ranges)).listeners[0]?.settings.allowedCidrs).toEqual(['10.0.0.0/8', '192.0.2.0/24']);
    expect(cidrs({ loadBalancerSourceRanges: ['0.0.0.0/0'] })).toEqual([]);
    expect(cidrs({ loadBalancerSourceRanges: ['10.0.0.0/0'] })).toEqual([]);
    expect(cidrs({ loadBalancerSourceRanges: ['192.0.2.9/24', '192.0.2.0/24'] })).toEqual(['192.0.2.0/24']);
    const wrong = compile(service({ loadBalancerSourceRanges: ['192.0.2.0/40'] }));
    expect([wrong.outcome, ...reasons(wrong)]).toEqual(['refused', 'InvalidSourceRange']);
  });

  it('lets in the ranges of the annotation where loadBalancerSourceRanges is empty, as Kubernetes reads it', () => {
    const annotation = { [SOURCE_RANGES]: ' 192.0.2.0/24, 10.0.0.0/8' };
    expect(cidrs({}, annotation)).toEqual(['10.0.0.0/8', '192.0.2.0/24']);
    expect(cidrs({ loadBalancerSourceRanges: [] }, annotation)).toEqual(['10.0.0.0/8', '192.0.2.0/24']);
    expect(cidrs({ loadBalancerSourceRanges: ['198.51.100.0/24'] }, annotation)).toEqual(['198.51.100.0/24']);
    expect(cidrs({}, { [SOURCE_RANGES]: ' ' })).toEqual([]);
    const wrong = compile(service({}, { [SOURCE_RANGES]: '10.0.0.0/8,all' }));
    expect(wrong).toMatchObject({
      outcome: 'refused',
      problems: [{ reason: 'InvalidSourceRange', field: `metadata.annotations[${SOURCE_RANGES}]` }],
    });
  });

  it('lets in ranges of the family of its VIP, as Octavia refuses others', () => {
    const ranges = { loadBalancerSourceRanges: ['10.0.0.0/8', 'fd00::/8', '::/0'] };
    expect(cidrs(ranges)).toEqual(['10.0.0.0/8']);
    expect(cidrs({ ...ranges, clusterIP: 'fd01::7' })).toEqual([]);
    expect(cidrs({ ...ranges, clusterIP: 'fd01::7' }, {}, { vipFamily: 'IPv4' })).toEqual(['10.0.0.0/8']);
    expect(reasons(compile(service(ranges)))).toEqual([]);
  });

  it.each([
    ['IPv4', ['fd00::/8', '::/0'], '0.0.0.0/32'],
    ['IPv6', ['10.0.0.0/8', '0.0.0.0/0'], '::/128'],
  ] as const)(
    'lets nobody in at a VIP of %s where all ranges are of the other family, and says so',
    (vipFamily, given, nobody) => {
      const settings = { vipFamily };
      expect(cidrs({ loadBalancerSourceRanges: given }, {}, settings)).toEqual([nobody]);
      expect(cidrs({}, { [SOURCE_RANGES]: given.join() }, settings)).toEqual([nobody]);
      const { problems } = wanted(service({ loadBalancerSourceRanges: given }), {}, settings);
      expect(problems).toEqual([
        {
          reason: 'SourceRangesOfOtherFamily',
          field: 'spec.loadBalancerSourceRanges',
          message: expect.stringContaining('nobody is let in'),
        },
      ]);
    },
  );

  it('keeps a client with one member with sessionAffinity ClientIP, with its time where Octavia takes one', () => {
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 53, protocol: 'UDP' },
    ];
    const affinity = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } };
    const [tcp, udp] = compiled(service({ ports, ...affinity })).listeners;
    expect(tcp?.pool.sessionPersistence).toEqual({ type: 'SOURCE_IP' });
    expect(udp?.pool.sessionPersistence).toEqual({ type: 'SOURCE_IP', timeout: 600 });
  });

  it('has timeouts for TCP alone, which is what HAProxy serves', () => {
    const ports = ['TCP', 'UDP', 'SCTP'].map((protocol) => ({ name: protocol.toLowerCase(), port: 53, protocol }));
    const asked = Object.fromEntries(
      ['client-data', 'member-connect', 'member-data', 'tcp-inspect'].map((name) => [
        `loadbalancer.openstack.org/timeout-${name}`,
        '9',
      ]),
    );
    const timeouts = compiled(service({ ports }, asked)).listeners.map(({ protocol, settings }) => [
      protocol,
      Object.keys(settings).filter((name) => name.startsWith('timeout')).length,
    ]);
    expect(Object.fromEntries(timeouts)).toEqual({ TCP: 4, UDP: 0, SCTP: 0 });
  });

  it('takes the floating IP that spec.loadBalancerIP names, and never gives that back', () => {
    const { publicAddress, loadBalancer } = wanted(service({ loadBalancerIP: '203.0.113.9' }));
    expect(publicAddress).toEqual({ networkId: 'public', address: '203.0.113.9', keep: true });
    expect(loadBalancer.vip.address).toBeUndefined();
    expect(reasons(compile(service({ loadBalancerIP: 'nine' })))).toEqual(['InvalidLoadBalancerIP']);
  });

  it('has spec.loadBalancerIP for its VIP where it gets no floating IP, and asks for the address it had', () => {
    const inside = { floatingNetworkId: undefined } as never;
    expect(compiled(service({ loadBalancerIP: '10.3.0.9' }), {}, inside).vip).toEqual({
      address: '10.3.0.9',
      subnetId: 'vips',
    });
    const before = { ...service(), status: { loadBalancer: { ingress: [{ ip: '10.3.0.7' }] } } };
    expect(compiled(before, {}, inside).vip).toEqual({ preferredAddress: '10.3.0.7', subnetId: 'vips' });
  });

  it('keeps the floating IP that spec.loadBalancerIP names where no network of them is known any more, as no VIP', () => {
    const outside = { floatingNetworkId: undefined } as never;
    const internal = { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' };
    const ip = '203.0.113.9';
    const vipWith = (annotations: Readonly<Record<string, string>>) => {
      const status = { loadBalancer: { ingress: [{ ip }] } };
      return compiled({ ...service({ loadBalancerIP: ip }, annotations), status }, {}, outside).vip;
    };
    expect(vipWith({})).toEqual({ preferredAddress: ip, subnetId: 'vips' });
    // It is to have no floating IP any more, and what it names can only be a VIP.
    expect(vipWith(internal)).toEqual({ address: ip, subnetId: 'vips' });
  });

  it('makes no listener for a port whose protocol it does not know, and goes on with the others', () => {
    const compilation = wanted(service({ ports: [{ port: 80 }, { port: 81, protocol: 'QUIC' }] }));
    expect(compilation.loadBalancer.listeners.map(({ key }) => key)).toEqual(['TCP:80']);
    expect(reasons(compilation)).toEqual(['ProtocolNotSupported']);
  });

  it('has a health monitor that fits the protocol where that is on', () => {
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 53, protocol: 'UDP' },
      { name: 'c', port: 29, protocol: 'SCTP' },
    ];
    const balancer = compiled(service({ ports }), {}, { healthMonitor: true });
    const times = { delay: 5, timeout: 3, maxRetries: 1, maxRetriesDown: 3 };
    expect(balancer.listeners.map(({ key, pool }) => [key, pool.healthMonitor])).toEqual([
      ['SCTP:29', { type: 'SCTP', ...times }],
      ['TCP:80', { type: 'TCP', ...times }],
      ['UDP:53', { type: 'UDP-CONNECT', ...times }],
    ]);
  });
});

describe('members by ports of the nodes', () => {
  const nodeport = { memberMode: 'nodeport', memberSubnetId: 'nodes' } as const;
  const nodes = [node('a', '10.0.0.1'), node('b', '10.0.0.2')];

  it('are all nodes that are fit', () => {
    const unfit = [
      node('going', '10.0.0.3', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      node('excluded', '10.0.0.4', { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } }),
      node('down', '10.0.0.5', { ready: 'Unknown' }),
    ];
    const balancer = compiled(service(), { nodes: [...nodes, ...unfit] }, nodeport);
    expect(balancer.listeners[0]?.pool.members).toEqual([
      { address: '10.0.0.1', nodeName: 'a', port: 30080, subnetId: 'nodes' },
      { address: '10.0.0.2', nodeName: 'b', port: 30080, subnetId: 'nodes' },
    ]);
  });

  it('stay where no node is ready, as then nobody knows', () => {
    const down = [node('a', '10.0.0.1', { ready: 'Unknown' })];
    expect(membersOf(compiled(service(), { nodes: down }, nodeport))).toEqual(['10.0.0.1:30080']);
  });

  it('are those with ready endpoints under externalTrafficPolicy Local, checked at healthCheckNodePort', () => {
    const local = service({ externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 });
    const slices = [slice([{ addresses: ['10.1.0.1'], nodeName: 'b', conditions: { ready: true } }])];
    const [listener] = compiled(local, { nodes, slices }, { ...nodeport, healthMonitor: true }).listeners;
    expect(listener?.pool.members).toEqual([
      { address: '10.0.0.2', nodeName: 'b', port: 30080, subnetId: 'nodes', monitorPort: 32000 },
    ]);
    expect(listener?.pool.healthMonitor).toMatchObject({ type: 'HTTP', urlPath: '/healthz' });
  });

  it('need a node port', () => {
    const without = compile(service({ ports: [{ port: 80 }] }), { nodes }, nodeport);
    expect([without.outcome, ...reasons(without)]).toEqual(['refused', 'NodePortMissing']);
  });
});
