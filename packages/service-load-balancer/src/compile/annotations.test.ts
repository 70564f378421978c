import { describe, expect, it } from '@jest/globals';
import { compile, compiled, node, SETTINGS, service, wanted } from '../cluster.fixture.js';
import type { LoadBalancerSettings } from '../settings.js';
import {
  ANNOTATION_TABLE,
  HARMLESS_ANNOTATIONS,
  INTERNAL_ANNOTATION,
  NAMING_ANNOTATIONS,
  OCCM_PREFIX,
  SOURCE_RANGES_ANNOTATION,
} from './annotation-table.js';
import { staysInProject } from './stays-in-project.js';

const UUID = '0f8a4f0e-7f0b-4f5e-9a5c-0d6f2f1b7c11';
const SECRET = `https://barbican.example/v1/secrets/${UUID}`;

type Case = readonly [value: string, effect: object, settings?: Partial<LoadBalancerSettings>];

const listener = (settings: object, pool: object = {}, protocol = 'TCP') => ({
  loadBalancer: { listeners: [{ protocol, settings, pool }] },
});
const monitored = { healthMonitor: true };

/** What a value of each supported annotation does. */
const EFFECTS: Readonly<Record<string, Case>> = {
  'floating-network-id': [UUID, { publicAddress: { networkId: UUID } }],
  'floating-subnet-id': [UUID, { publicAddress: { subnetId: UUID } }],
  'subnet-id': [UUID, { loadBalancer: { vip: { subnetId: UUID } } }],
  'network-id': [UUID, { loadBalancer: { vip: { networkId: UUID } } }],
  'port-id': [UUID, { loadBalancer: { vip: { portId: UUID } } }],
  'member-subnet-id': [
    UUID,
    listener({}, { members: [{ address: '10.0.0.1', port: 30080, subnetId: UUID }] }),
    { memberMode: 'nodeport' },
  ],
  'connection-limit': ['100', listener({ connectionLimit: 100 })],
  'keep-floatingip': ['true', { publicAddress: { keep: true } }],
  'proxy-protocol': ['v2', { usesProxyProtocol: true, ...listener({}, { protocol: 'PROXYV2' }) }],
  'x-forwarded-for': ['true', listener({ insertHeaders: ['X-Forwarded-For'] }, { protocol: 'HTTP' }, 'HTTP')],
  'lb-method': ['LEAST_CONNECTIONS', listener({}, { lbAlgorithm: 'LEAST_CONNECTIONS' })],
  'timeout-client-data': ['1000', listener({ timeoutClientData: 1000 })],
  'timeout-member-connect': ['2000', listener({ timeoutMemberConnect: 2000 })],
  'timeout-member-data': ['3000', listener({ timeoutMemberData: 3000 })],
  'timeout-tcp-inspect': ['4000', listener({ timeoutTcpInspect: 4000 })],
  'enable-health-monitor': ['true', listener({}, { healthMonitor: { type: 'TCP', delay: 5 } })],
  'health-monitor-delay': ['9', listener({}, { healthMonitor: { delay: 9 } }), monitored],
  'health-monitor-timeout': ['2', listener({}, { healthMonitor: { timeout: 2 } }), monitored],
  'health-monitor-max-retries': ['4', listener({}, { healthMonitor: { maxRetries: 4 } }), monitored],
  'health-monitor-max-retries-down': ['5', listener({}, { healthMonitor: { maxRetriesDown: 5 } }), monitored],
  'flavor-id': [UUID, { loadBalancer: { placement: { flavorId: UUID } } }],
  'availability-zone': ['az1', { loadBalancer: { placement: { availabilityZone: 'az1' } } }],
  'default-tls-container-ref': [
    SECRET,
    listener({ defaultTlsContainerRef: SECRET }, { protocol: 'HTTP' }, 'TERMINATED_HTTPS'),
  ],
  hostname: ['www.example.com', { hostname: 'www.example.com' }],
  'node-selector': [
    'zone=b',
    listener({}, { members: [{ address: '10.0.0.2', port: 30080 }] }),
    { memberMode: 'nodeport' },
  ],
};

/** Annotations that are on or off. */
const SWITCHES = ['keep-floatingip', 'proxy-protocol', 'x-forwarded-for', 'enable-health-monitor'];

const NODES = [node('a', '10.0.0.1'), node('b', '10.0.0.2', { labels: { zone: 'b' } })];
const supported = ANNOTATION_TABLE.filter(
  ({ support }) => support === 'supported' || support === 'where permitted',
).map(({ name }) => name);
const annotated = (name: string, value: string, settings: Partial<LoadBalancerSettings> = {}) =>
  wanted(service({}, { [name]: value }), { nodes: NODES }, settings);

describe('the annotations of the OpenStack cloud controller manager', () => {
  it('have an effect each that is tested here', () => {
    expect(
      Object.keys(EFFECTS)
        .map((name) => `${OCCM_PREFIX}${name}`)
        .concat(INTERNAL_ANNOTATION, SOURCE_RANGES_ANNOTATION)
        .sort(),
    ).toEqual([...supported].sort());
  });

  it.each(Object.entries(EFFECTS))('%s is heeded', (name, [value, effect, settings = {}]) => {
    const only = name === 'member-subnet-id' ? NODES.slice(0, 1) : NODES;
    const compilation = wanted(service({}, { [`${OCCM_PREFIX}${name}`]: value }), { nodes: only }, settings);
    expect(compilation).toMatchObject(effect);
    expect(compilation.problems).toEqual([]);
  });

  it.each(Object.entries(EFFECTS).filter(([name]) => !SWITCHES.includes(name)))(
    '%s is passed over with a reason where it can not be read',
    (name, [, , settings = {}]) => {
      const compilation = wanted(service({}, { [`${OCCM_PREFIX}${name}`]: '\u00fc ?' }), { nodes: NODES }, settings);
      expect(compilation.problems).toEqual([
        {
          reason: 'InvalidAnnotation',
          field: `metadata.annotations[${OCCM_PREFIX}${name}]`,
          // The Event says the field before it.
          message: expect.stringMatching(/^"\u00fc \?" is not understood .*; it is passed over$/),
        },
      ]);
      expect(compilation.loadBalancer).toEqual(compiled(service(), { nodes: NODES }, settings));
    },
  );

  it.each(ANNOTATION_TABLE.filter(({ support }) => support === 'refused'))(
    '$name is refused with a reason',
    ({ name, note }) => {
      const compilation = annotated(name, 'x');
      expect(compilation.problems).toEqual([
        {
          reason: 'AnnotationNotSupported',
          field: `metadata.annotations[${name}]`,
          message: expect.stringContaining(note),
        },
      ]);
    },
  );

  it('that name something in OpenStack are refused where the operator has not permitted them', () => {
    const harmful = NAMING_ANNOTATIONS.filter((name) => !HARMLESS_ANNOTATIONS.includes(name));
    const rows = ANNOTATION_TABLE.filter(({ support }) => support === 'where permitted');
    expect(rows.map(({ name }) => name).sort()).toEqual(harmful.map((name) => `${OCCM_PREFIX}${name}`).sort());
    for (const name of NAMING_ANNOTATIONS) {
      const given = service({}, { [`${OCCM_PREFIX}${name}`]: EFFECTS[name]?.[0] ?? '' });
      const others = NAMING_ANNOTATIONS.filter((one) => one !== name);
      expect(compile(given, {}, { permittedAnnotations: others })).toMatchObject({
        outcome: 'refused',
        problems: [
          {
            reason: 'AnnotationNotPermitted',
            field: `metadata.annotations[${OCCM_PREFIX}${name}]`,
            message: expect.stringContaining(`add ${name} to [kubernetes] lb_permitted_annotations`),
          },
        ],
      });
      expect(compile(given, {}, { permittedAnnotations: [name] }).outcome).toBe('wanted');
    }
  });

  it('have a floating IP stay that is kept or named, also where the Service is refused', () => {
    const keep = { [`${OCCM_PREFIX}keep-floatingip`]: 'true', [`${OCCM_PREFIX}port-id`]: UUID };
    expect(staysInProject(service({}, keep), '203.0.113.9')).toBe(true);
    expect(staysInProject(service({ loadBalancerIP: '203.0.113.9', type: 'ClusterIP' }), '203.0.113.9')).toBe(true);
    expect(staysInProject(service({ loadBalancerIP: '203.0.113.9' }), '203.0.113.8')).toBe(false);
  });

  it('keep the internal load balancer inside', () => {
    expect(annotated(INTERNAL_ANNOTATION, 'true').publicAddress).toBeUndefined();
    expect(annotated(INTERNAL_ANNOTATION, 'true').keepsPublicAddress).toBe(false);
    expect(annotated(INTERNAL_ANNOTATION, 'false').publicAddress).toEqual({
      networkId: SETTINGS.floatingNetworkId,
      keep: false,
    });
  });

  it.each([...SWITCHES.map((name) => `${OCCM_PREFIX}${name}`), INTERNAL_ANNOTATION])(
    '%s has to be on or off: nothing is published where nobody knows which',
    (name) => {
      for (const value of ['yes', 'on', '2', 'tru', '']) {
        expect(compile(service({}, { [name]: value }))).toMatchObject({
          outcome: 'refused',
          problems: [
            {
              reason: 'AnnotationNotBoolean',
              field: `metadata.annotations[${name}]`,
              message: expect.stringContaining(`${JSON.stringify(value)} is neither true nor false`),
            },
          ],
        });
      }
    },
  );

  it('that are on or off take what Go takes for a boolean', () => {
    for (const value of ['1', 't', 'T', 'TRUE', 'true', 'True', ' true ']) {
      expect(annotated(INTERNAL_ANNOTATION, value).publicAddress).toBeUndefined();
      expect(annotated(`${OCCM_PREFIX}keep-floatingip`, value).publicAddress).toMatchObject({ keep: true });
      expect(annotated(`${OCCM_PREFIX}proxy-protocol`, value).usesProxyProtocol).toBe(true);
    }
    for (const value of ['0', 'f', 'F', 'FALSE', 'false', 'False']) {
      expect(annotated(INTERNAL_ANNOTATION, value).publicAddress).toBeDefined();
      expect(annotated(`${OCCM_PREFIX}keep-floatingip`, value).publicAddress).toMatchObject({ keep: false });
      expect(annotated(`${OCCM_PREFIX}proxy-protocol`, value).usesProxyProtocol).toBe(false);
    }
  });

  it('have a floating IP stay where nobody knows whether it is to be kept', () => {
    const keep = (value: string) => service({}, { [`${OCCM_PREFIX}keep-floatingip`]: value });
    expect(staysInProject(keep('yes'), '203.0.113.9')).toBe(true);
    expect(staysInProject(keep('false'), '203.0.113.9')).toBe(false);
    expect(staysInProject(service(), '203.0.113.9')).toBe(false);
  });

  it('pass over what OCCM writes itself', () => {
    expect(annotated(`${OCCM_PREFIX}load-balancer-address`, '203.0.113.1').problems).toEqual([]);
  });

  it('use the PROXY protocol where x-forwarded-for is asked for, too, and say so', () => {
    const both = wanted(
      service({}, { [`${OCCM_PREFIX}proxy-protocol`]: 'true', [`${OCCM_PREFIX}x-forwarded-for`]: 'true' }),
    );
    expect(both.loadBalancer.listeners[0]).toMatchObject({ protocol: 'TCP', pool: { protocol: 'PROXY' } });
    expect(both.problems.map(({ reason }) => reason)).toEqual(['AnnotationsContradict']);
  });

  it('never let a check take longer than the time between two', () => {
    const [one] = compiled(service({}, { [`${OCCM_PREFIX}health-monitor-delay`]: '1' }), {}, monitored).listeners;
    expect(one?.pool.healthMonitor).toMatchObject({ delay: 1, timeout: 1 });
  });
});
