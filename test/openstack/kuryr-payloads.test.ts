import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import * as kuryr from '@kuryr-l7/kuryr-objects';
import { simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { type VifCloud, VifCluster } from '@kuryr-l7/plugin/conformance';
import { inTree } from './bed/tree.js';

const ID = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
const OTHER = '7b2f6a64-5c8d-4f0e-8a10-2f8a1f5f2c33';
const PROJECT = '3f4e5d6c7b8a49f0a1b2c3d4e5f60718';

const spec: kuryr.LBaaSServiceSpec = {
  ip: '10.0.0.140',
  ports: [
    { name: 'http', protocol: 'TCP', port: 80, targetPort: '8080' },
    { name: null, protocol: 'UDP', port: 53, targetPort: 'dns' },
  ],
  project_id: PROJECT,
  subnet_id: ID,
  security_groups_ids: [ID, OTHER],
  type: 'LoadBalancer',
  lb_ip: '203.0.113.7',
};
const nothing: kuryr.LBaaSServiceSpec = {
  ip: null,
  ports: [],
  project_id: null,
  subnet_id: null,
  security_groups_ids: [],
  type: null,
  lb_ip: null,
};

const listener = {
  id: ID,
  project_id: PROJECT,
  name: 'ns/wéb:TCP:80',
  loadbalancer_id: OTHER,
  protocol: 'TCP',
  port: 80,
};
const pool = { id: ID, project_id: PROJECT, name: 'p', loadbalancer_id: OTHER, listener_id: ID, protocol: 'TCP' };
const member = { id: ID, project_id: PROJECT, name: 'm', pool_id: ID, subnet_id: OTHER, ip: 'fd00::5', port: 8080 };
const state: kuryr.LBaaSState = {
  loadbalancer: {
    id: OTHER,
    project_id: PROJECT,
    name: 'ns/wéb "😀"\\\u007f',
    ip: '10.0.0.140',
    subnet_id: ID,
    port_id: ID,
    provider: 'amphora',
    security_groups: [ID],
  },
  listeners: [listener],
  pools: [pool, { ...pool, listener_id: null }],
  members: [member],
  service_pub_ip_info: { ip_id: ID, ip_addr: '203.0.113.7', alloc_method: 'pool' },
};

const vif: Omit<kuryr.VIFOpenVSwitch, 'className'> = {
  id: ID,
  address: 'fa:16:3e:00:00:01',
  active: false,
  preserve_on_delete: false,
  has_traffic_filtering: true,
  plugin: 'ovs',
  vif_name: 'tap99f580e6-d8',
  network: {
    id: OTHER,
    bridge: 'br-int',
    label: 'pods',
    mtu: 1450,
    multi_host: false,
    should_provide_bridge: false,
    should_provide_vlan: true,
    bridge_interface: null,
    vlan: 7,
    subnets: {
      objects: [
        {
          cidr: '10.0.0.0/24',
          dns: ['10.0.0.2'],
          gateway: '10.0.0.1',
          ips: { objects: [{ address: '10.0.0.140', floating_ips: [] }] },
          routes: { objects: [{ cidr: '10.1.0.0/16', gateway: '10.0.0.3', interface: 'eth0' }] },
          dhcp_server: '10.0.0.2',
        },
        { cidr: 'fd00::/64', dns: [], ips: { objects: [{ address: 'fd00::8c' }] }, routes: { objects: [] } },
      ],
    },
  },
};
const vifs: readonly kuryr.Vif[] = [
  { className: 'VIFOpenVSwitch', ...vif, port_profile: { className: 'VIFPortProfileOpenVSwitch', interface_id: ID } },
  {
    className: 'VIFOpenVSwitch',
    ...vif,
    bridge_name: 'br-int',
    port_profile: {
      className: 'VIFPortProfileOpenVSwitch',
      interface_id: ID,
      profile_id: 'p',
      datapath_type: null,
      create_port: true,
    },
  },
  { className: 'VIFBridge', ...vif, bridge_name: 'brq99f580e6-d8' },
  { className: 'VIFGeneric', ...vif, address: null, network: null },
  { className: 'VIFVlanNested', ...vif, plugin: 'noop', vif_name: 'eth0', vlan_id: 4094 },
  { className: 'VIFMacvlanNested', ...vif, plugin: 'noop', vif_name: 'eth0' },
];
const [first = vifs[0] as kuryr.Vif, ...others] = vifs;

const payloads: readonly (readonly [string, string])[] = [
  ['LBaaSServiceSpec', kuryr.formatPayload(kuryr.LBAAS_SERVICE_SPEC, spec)],
  ['LBaaSServiceSpec of nothing', kuryr.formatPayload(kuryr.LBAAS_SERVICE_SPEC, nothing)],
  ['LBaaSState', kuryr.formatPayload(kuryr.LBAAS_STATE, state)],
  [
    'LBaaSState of nothing',
    kuryr.formatPayload(kuryr.LBAAS_STATE, {
      loadbalancer: null,
      listeners: [],
      pools: [],
      members: [],
      service_pub_ip_info: null,
    }),
  ],
  ['LBaaSRouteState', kuryr.formatPayload(kuryr.LBAAS_ROUTE_STATE, { members: [member], pool })],
  [
    'LBaaSRouteNotifier',
    kuryr.formatPayload(kuryr.LBAAS_ROUTE_NOTIFIER, { routes: [{ route_id: ID, msg: 'RouteChanged' }] }),
  ],
  [
    'LBaaSL7Policy',
    kuryr.formatPayload(kuryr.LBAAS_L7_POLICY, {
      id: ID,
      name: null,
      listener_id: ID,
      redirect_pool_id: OTHER,
      project_id: PROJECT,
    }),
  ],
  [
    'LBaaSL7Rule',
    kuryr.formatPayload(kuryr.LBAAS_L7_RULE, {
      id: ID,
      compare_type: 'EQUAL_TO',
      l7policy_id: OTHER,
      type: 'PATH',
      value: '/',
    }),
  ],
  ...vifs.map(
    (entry) =>
      [
        `PodState with ${entry.className}`,
        kuryr.formatPayload(kuryr.POD_STATE, { default_vif: entry, additional_vifs: {} }),
      ] as const,
  ),
  [
    'PodState with several VIFs',
    kuryr.formatPayload(kuryr.POD_STATE, {
      default_vif: first,
      additional_vifs: Object.fromEntries(others.map((entry, index) => [`eth${others.length - index}`, entry])),
    }),
  ],
];

describe('payloads of annotations, read by the libraries that Kuryr uses', () => {
  let python: ChildProcessWithoutNullStreams;
  let lines: Interface;
  let ended: Promise<readonly unknown[]>;
  let errors = '';

  beforeAll(() => {
    const [file = '', ...args] = inTree(['python3', '-m', 'bed.kuryr_payloads']);
    python = spawn(file, args);
    python.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    // What is written to a process that has ended is told by its end.
    python.stdin.on('error', () => undefined);
    ended = once(python, 'close');
    lines = createInterface({ input: python.stdout });
  });

  afterAll(async () => {
    python.stdin.end();
    await ended;
  });

  async function ask(request: object): Promise<{ readonly payload?: string; readonly error?: string }> {
    const answered = Promise.race([once(lines, 'line'), ended]);
    python.stdin.write(`${JSON.stringify(request)}\n`);
    const [line] = await answered;
    if (typeof line !== 'string') throw new Error(`python3 ended: ${errors}`);
    return JSON.parse(line);
  }

  it.each(payloads)('%s is written back byte for byte', async (_name, payload) => {
    expect(await ask({ read: payload })).toEqual({ payload });
  });

  it.each([
    ['with everything', spec],
    ['with nothing', nothing],
  ])('LBaaSServiceSpec %s is what Kuryr makes of the same fields', async (_name, fields) => {
    const payload = kuryr.formatPayload(kuryr.LBAAS_SERVICE_SPEC, fields);
    expect(await ask({ service_spec: fields })).toEqual({ payload });
  });

  it.each([
    ['neutron-vif', (where: VifCloud) => VifCluster.open(where, NeutronVifDriver)],
    ['nested-vlan', (where: VifCloud) => VifCluster.withTrunk(where, NestedVlanDriver)],
  ])('PodState with what the driver %s makes', async (_name, openCluster) => {
    const where = await simulatedVifCloud();
    try {
      const cluster = await openCluster(where);
      const made = await cluster.driver().requestVif(cluster.pod(), cluster.place, new AbortController().signal);
      for (const default_vif of [made, { ...made, active: true }]) {
        const payload = kuryr.formatPayload(kuryr.POD_STATE, { default_vif, additional_vifs: {} });
        expect(await ask({ read: payload })).toEqual({ payload });
      }
    } finally {
      await where.close();
    }
  });

  it('would not be, where a library is older than what is written', async () => {
    const newer = payloads[0]?.[1].replace(/"1\.0"\}$/, '"1.1"}') ?? '';
    expect(await ask({ read: newer })).toEqual({ error: expect.stringContaining('IncompatibleObjectVersion') });
  });
});
