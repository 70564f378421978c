import { describe, expect, it } from '@jest/globals';
import {
  formatPayload,
  LBAAS_LOAD_BALANCER,
  LBAAS_ROUTE_NOTIFIER,
  LBAAS_SERVICE_SPEC,
  LBAAS_STATE,
  type LBaaSServiceSpec,
  NETWORK,
  PayloadError,
  POD_STATE,
  type PodState,
  parsePayload,
  VIF,
} from './index.js';

const ID = '99f580e6-d894-442a-bc5f-4d14b41e10d2';

const spec: LBaaSServiceSpec = {
  ip: '10.0.0.140',
  ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: '8080' }],
  project_id: 'a'.repeat(32),
  subnet_id: ID,
  security_groups_ids: [ID],
  type: 'ClusterIP',
  lb_ip: null,
};

const podState: PodState = {
  default_vif: {
    className: 'VIFOpenVSwitch',
    id: ID,
    address: 'fa:16:3e:00:00:01',
    active: false,
    preserve_on_delete: false,
    has_traffic_filtering: true,
    plugin: 'ovs',
    vif_name: 'tap99f580e6-d8',
    bridge_name: 'br-int',
    port_profile: { className: 'VIFPortProfileOpenVSwitch', interface_id: ID },
    network: {
      id: ID,
      label: 'pods',
      mtu: 1450,
      multi_host: false,
      should_provide_bridge: false,
      should_provide_vlan: false,
      subnets: {
        objects: [
          {
            cidr: '10.0.0.0/24',
            dns: ['10.0.0.2'],
            gateway: '10.0.0.1',
            ips: { objects: [{ address: '10.0.0.140' }] },
            routes: { objects: [{ cidr: '10.1.0.0/16', gateway: '10.0.0.3' }] },
          },
        ],
      },
    },
  },
  additional_vifs: {},
};

/** The payload of the spec with one thing in its data replaced. */
function changed(name: string, value: unknown): string {
  const primitive = JSON.parse(formatPayload(LBAAS_SERVICE_SPEC, spec));
  primitive['versioned_object.data'][name] = value;
  return JSON.stringify(primitive);
}

describe('payloads of Kuryr', () => {
  it('are read back as they were written', () => {
    expect(parsePayload(LBAAS_SERVICE_SPEC, formatPayload(LBAAS_SERVICE_SPEC, spec))).toEqual(spec);
    expect(parsePayload(POD_STATE, formatPayload(POD_STATE, podState))).toEqual(podState);
  });

  it('are in the version that the fields need, as libraries refuse what is newer than themselves', () => {
    const profile = (more: object) => {
      const { default_vif: vif } = podState;
      if (vif.port_profile === undefined) throw new Error('no profile');
      return formatPayload(VIF, { ...vif, port_profile: { ...vif.port_profile, ...more } });
    };
    const version = (text: string) =>
      /VIFPortProfileOpenVSwitch".*?"versioned_object.version": "(.*?)"/.exec(text)?.[1];
    expect(version(profile({}))).toBe('1.0');
    expect(version(profile({ datapath_type: 'netdev' }))).toBe('1.1');
    expect(version(profile({ create_port: true, datapath_type: null }))).toBe('1.3');
  });

  it('of older versions are filled up as Kuryr does', () => {
    const older = JSON.stringify({
      'versioned_object.data': { id: ID, project_id: 'p', name: 'x', ip: '10.0.0.1', subnet_id: ID, port_id: ID },
      'versioned_object.name': 'LBaaSLoadBalancer',
      'versioned_object.namespace': 'kuryr_kubernetes',
      'versioned_object.version': '1.0',
      'versioned_object.changes': ['name'],
    });
    expect(parsePayload(LBAAS_LOAD_BALANCER, older)).toMatchObject({ provider: null, security_groups: null });
    const empty = older.replace(/"versioned_object.data":\{.*?\}/, '"versioned_object.data":{}');
    expect(parsePayload(LBAAS_STATE, empty.replace('LBaaSLoadBalancer', 'LBaaSState'))).toEqual({
      loadbalancer: null,
      listeners: [],
      pools: [],
      members: [],
      service_pub_ip_info: null,
    });
  });

  it.each([
    ['no JSON', '{', /^is not JSON: /],
    ['JSON of something else', '[]', /^is \[\] instead of LBaaSServiceSpec$/],
    ['null', 'null', /^is null instead of LBaaSServiceSpec$/],
    [
      'another class',
      formatPayload(LBAAS_ROUTE_NOTIFIER, { routes: [] }),
      /is of class "LBaaSRouteNotifier" instead of/,
    ],
    [
      'another namespace',
      changed('ip', null).replace(
        '"kuryr_kubernetes","versioned_object.version":"1.0"',
        '"x","versioned_object.version":"1.0"',
      ),
      /is of namespace "x" instead of kuryr_kubernetes/,
    ],
    [
      'a newer version',
      formatPayload(LBAAS_SERVICE_SPEC, spec).replace(/1\.0"\}$/, '1.7"}'),
      /of version "1.7"; up to 1.0/,
    ],
    ['another major version', formatPayload(LBAAS_SERVICE_SPEC, spec).replace(/1\.0"\}$/, '0.9"}'), /of version "0.9"/],
    ['no version', formatPayload(LBAAS_SERVICE_SPEC, spec).replace(/"1\.0"\}$/, '1}'), /of version 1; up to 1.0/],
    [
      'no data',
      JSON.stringify({ ...JSON.parse(changed('ip', null)), 'versioned_object.data': 3 }),
      /has 3 for versioned_object.data/,
    ],
    ['an address that is none', changed('ip', '10.0.0'), /^ip: is "10\.0\.0" instead of an IP address$/],
    ['an id that is none', changed('subnet_id', 'web'), /^subnet_id: is "web" instead of a UUID$/],
    ['a list that is none', changed('ports', {}), /^ports: is \{\} instead of a list$/],
    [
      'a wrong id in a list',
      changed('security_groups_ids', [ID, 7]),
      /^security_groups_ids\[1\]: is 7 instead of a UUID$/,
    ],
    [
      'a wrong field deep inside',
      changed(
        'ports',
        JSON.parse(
          JSON.stringify([
            {
              'versioned_object.data': { name: null, port: '80', protocol: 'TCP', targetPort: '80' },
              'versioned_object.name': 'LBaaSPortSpec',
              'versioned_object.namespace': 'kuryr_kubernetes',
              'versioned_object.version': '1.1',
            },
          ]),
        ),
      ),
      /^ports\[0\]\.port: is "80" instead of an integer$/,
    ],
    [
      'a field that is missing',
      changed('ports', [
        {
          'versioned_object.data': { name: null, port: 80, protocol: 'TCP' },
          'versioned_object.name': 'LBaaSPortSpec',
          'versioned_object.namespace': 'kuryr_kubernetes',
          'versioned_object.version': '1.0',
        },
      ]),
      /^ports\[0\]\.targetPort: is missing$/,
    ],
  ])('that are not what they should be are refused with the path: %s', (_name, text, reason) => {
    expect(() => parsePayload(LBAAS_SERVICE_SPEC, text)).toThrow(reason);
    expect(() => parsePayload(LBAAS_SERVICE_SPEC, text)).toThrow(PayloadError);
  });

  it.each([
    [
      'a class of VIF that is not known',
      (text: string) => text.replace('"VIFOpenVSwitch"', '"VIFMagic"'),
      /^default_vif: is of class "VIFMagic", none of those of VIFBase: VIFOpenVSwitch, /,
    ],
    ['a MAC address in capitals', (text: string) => text.replace('fa:16', 'FA:16'), /^default_vif\.address: is "FA:16/],
    [
      'a network that is none',
      (text: string) => text.replace('10.0.0.0/24', '10.0.0.0/33'),
      /^default_vif\.network\.subnets\.objects\[0\]\.cidr: /,
    ],
    [
      'yes for true',
      (text: string) => text.replace('"active": false', '"active": "no"'),
      /^default_vif\.active: is "no" instead of true or false$/,
    ],
    [
      'a list of interfaces',
      (text: string) => text.replace('"additional_vifs": {}', '"additional_vifs": []'),
      /^additional_vifs: is \[\] instead of a dictionary$/,
    ],
    [
      'a wrong VIF by name',
      (text: string) => text.replace('"additional_vifs": {}', '"additional_vifs": {"eth1": 3}'),
      /^additional_vifs\["eth1"\]: is of class ""/,
    ],
  ])('of Pods are checked likewise: %s', (_name, spoil, reason) => {
    const text = spoil(formatPayload(POD_STATE, podState));
    expect(() => parsePayload(POD_STATE, text)).toThrow(reason);
  });

  it('cut what is wrong in messages', () => {
    expect(() => parsePayload(NETWORK, JSON.stringify('x'.repeat(500)))).toThrow(/^is "x{59}… instead of Network$/);
  });
});
