import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LB_SERVICE_TYPES } from '@kuryr-l7/config';
import { ENDPOINTS, type EventNote, type KubernetesObject, type ObjectOf, SERVICES } from '@kuryr-l7/kube';
import { LBAAS_SERVICE_SPEC, LBAAS_SPEC_ANNOTATION, parsePayload } from '@kuryr-l7/kuryr-objects';
import type { Subnet } from '@kuryr-l7/openstack';
import type { Configuration, HandlerContext, KubernetesWriter, ObjectKey, Option } from '@kuryr-l7/plugin';
import { ServiceSpecHandler } from './service-spec-handler.js';

type Service = ObjectOf<typeof SERVICES>;
type ServiceSpec = NonNullable<Service['spec']>;

const SIGNAL = new AbortController().signal;
const PROJECT = '3f4e5d6c7b8a49f0a1b2c3d4e5f60718';
const SUBNET = 'e1d5bd3f-4a5c-4f5b-9a3e-0d3a4f7d6c11';
const GROUP = '7b2f6a64-5c8d-4f0e-8a10-2f8a1f5f2c33';

const subnet = (id: string, cidr: string) => ({ id, cidr }) as Subnet;

/** A Service of seed 004: the port differs from the targetPort. */
const service = (spec: { readonly [K in keyof ServiceSpec]?: ServiceSpec[K] | undefined } = {}) => ({
  metadata: { name: 'web', namespace: 'ns', uid: 'u1', annotations: {} },
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.0.0.140',
    selector: { app: 'web' },
    ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
    ...spec,
  } as ServiceSpec,
});

class Fakes {
  subnets = [subnet(SUBNET, '10.0.0.0/24')];
  /** `[kubernetes] lb_service_types`. */
  types: readonly string[] = [];
  endpoints: KubernetesObject | undefined = { metadata: { name: 'web', namespace: 'ns' } };
  readonly annotated: { readonly kind: string; readonly value: string | null | undefined }[] = [];
  readonly events: EventNote[] = [];
  /** Services that are to be looked at again. */
  readonly again: ObjectKey[] = [];
  readonly handler: ServiceSpecHandler;

  constructor() {
    const kubernetes: Partial<KubernetesWriter> = {
      annotate: async ({ kind }, _object, annotations) => {
        this.annotated.push({ kind, value: annotations[LBAAS_SPEC_ANNOTATION] });
        return true;
      },
      event: (_kind, _object, note) => this.events.push(note),
    };
    const configuration: Configuration = {
      get: <T>(option: Option<T>): T => (option.name === LB_SERVICE_TYPES.name ? (this.types as T) : option.default),
    };
    this.handler = new ServiceSpecHandler(
      kubernetes as KubernetesWriter,
      { name: 'fake', getProject: async () => PROJECT },
      { name: 'fake', getSubnets: async () => this.subnets },
      { name: 'fake', getSecurityGroups: async () => [GROUP] },
      configuration,
    );
    const watched = { store: { get: () => this.endpoints } };
    this.handler.start({
      watch: () => watched,
      enqueue: (key: ObjectKey) => this.again.push(key),
    } as unknown as HandlerContext);
  }

  /** What the Service is annotated with. */
  async spec(of: Service) {
    await this.handler.onPresent(of, SIGNAL);
    const value = this.annotated.find(({ kind }) => kind === 'Service')?.value;
    return value === null || value === undefined ? value : parsePayload(LBAAS_SERVICE_SPEC, value);
  }
}

let fakes: Fakes;

describe('the handler of lbaasspec', () => {
  beforeEach(() => {
    fakes = new Fakes();
  });

  it('writes what the Service asks of its load balancer byte for byte as Kuryr does', async () => {
    await fakes.handler.onPresent(service(), SIGNAL);
    const payload =
      `{"versioned_object.data": {"ip": "10.0.0.140", "lb_ip": null, "ports": [{"versioned_object.data": {"name": null, ` +
      `"port": 80, "protocol": "TCP", "targetPort": "8080"}, "versioned_object.name": "LBaaSPortSpec", ` +
      `"versioned_object.namespace": "kuryr_kubernetes", "versioned_object.version": "1.1"}], "project_id": "${PROJECT}", ` +
      `"security_groups_ids": ["${GROUP}"], "subnet_id": "${SUBNET}", "type": "ClusterIP"}, "versioned_object.name": ` +
      `"LBaaSServiceSpec", "versioned_object.namespace": "kuryr_kubernetes", "versioned_object.version": "1.0"}`;
    expect(fakes.annotated).toEqual([
      { kind: 'Endpoints', value: payload },
      { kind: 'Service', value: payload },
    ]);
  });

  it('writes to the Service alone where there are no Endpoints, and to them when they come', async () => {
    fakes.endpoints = undefined;
    await fakes.handler.onPresent(service(), SIGNAL);
    expect(fakes.annotated.map(({ kind }) => kind)).toEqual(['Service']);
    const [trigger] = fakes.handler.triggers;
    expect(trigger?.kind).toBe(ENDPOINTS);
    expect(trigger?.keys({ metadata: { name: 'web', namespace: 'ns' } })).toEqual(['ns/web']);
  });

  it.each([
    ['without a selector, as Kuryr did not', service({ selector: undefined }), {}],
    ['of type LoadBalancer', service({ type: 'LoadBalancer' }), { type: 'LoadBalancer' }],
    [
      'that asks for an address outside',
      service({ type: 'LoadBalancer', loadBalancerIP: '203.0.113.7' }),
      { lb_ip: '203.0.113.7' },
    ],
    ['whose loadBalancerIP is no address', service({ type: 'LoadBalancer', loadBalancerIP: 'here' }), { lb_ip: null }],
    ['whose type the API server left out', service({ type: undefined }), { type: 'ClusterIP' }],
    [
      'with several ports, named and of other protocols',
      service({
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
          { name: 'plain', port: 54 },
        ],
      }),
      {
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
          { name: 'plain', port: 54, protocol: 'TCP', targetPort: '54' },
        ],
      },
    ],
  ])('has a spec for a Service %s', async (_name, of, expected) => {
    expect(await fakes.spec(of)).toMatchObject({ ip: '10.0.0.140', project_id: PROJECT, ...expected });
  });

  it.each([
    ['headless', service({ clusterIP: 'None' })],
    ['of type ExternalName', service({ type: 'ExternalName', clusterIP: '', externalName: 'a.example' })],
    ['of type NodePort', service({ type: 'NodePort' })],
    ['not given a clusterIP yet', service({ clusterIP: '' })],
  ])('has none for a Service that is %s, and takes an old one off', async (_name, of) => {
    expect(await fakes.spec(of)).toBeNull();
    expect(fakes.annotated.map(({ kind, value }) => [kind, value])).toEqual([
      ['Endpoints', null],
      ['Service', null],
    ]);
  });

  it('names the subnet that holds the clusterIP, also of IPv6', async () => {
    const six = '1c6b3a2e-8e0f-4a47-9d2b-0c5a6f6e7d44';
    fakes.subnets = [...fakes.subnets, subnet(six, 'fd00:10::/108')];
    expect(await fakes.spec(service({ clusterIP: 'fd00:10::a' }))).toMatchObject({ subnet_id: six, ip: 'fd00:10::a' });
  });

  it.each([
    [
      'in no subnet',
      [subnet(SUBNET, '10.0.1.0/24')],
      /10\.0\.0\.140 is in none of .*\(10\.0\.1\.0\/24\).*service_subnet/,
    ],
    [
      'in two subnets',
      [subnet(SUBNET, '10.0.0.0/24'), subnet(GROUP, '10.0.0.0/16')],
      /is in several of .*\(10\.0\.0\.0\/24, 10\.0\.0\.0\/16\)/,
    ],
  ])('tells on the Service that its clusterIP is %s, and writes nothing', async (_name, subnets, reason) => {
    fakes.subnets = subnets;
    await expect(fakes.handler.onPresent(service(), SIGNAL)).rejects.toThrow(reason);
    expect(fakes.events).toEqual([
      expect.objectContaining({ type: 'Warning', reason: 'NoServiceSubnet', note: expect.stringMatching(reason) }),
    ]);
    expect(fakes.annotated).toEqual([]);
  });

  it('tells nothing where clusterIPs are no VIPs, and has a spec that names no subnet', async () => {
    fakes.subnets = [subnet(SUBNET, '192.0.2.0/24')];
    fakes.types = ['LoadBalancer'];
    expect(await fakes.spec(service())).toMatchObject({ ip: '10.0.0.140', subnet_id: null });
    expect(fakes.events).toEqual([]);
    fakes.types = ['ClusterIP', 'LoadBalancer'];
    await expect(fakes.handler.onPresent(service(), SIGNAL)).rejects.toThrow(/service_subnet/);
  });

  it('does not fight without end with somebody who writes another spec, as a Kuryr does that still runs', async () => {
    jest.useFakeTimers();
    try {
      for (let version = 1; version <= 100; version += 1) {
        const annotations = { [LBAAS_SPEC_ANNOTATION]: '{}' };
        const { metadata, ...rest } = service();
        const seen = { ...rest, metadata: { ...metadata, annotations, resourceVersion: `${version}` } };
        await fakes.handler.onPresent(seen, SIGNAL);
      }
      expect(fakes.annotated.filter(({ kind }) => kind === 'Service').length).toBeLessThan(5);
      jest.advanceTimersByTime(60_000);
      expect(fakes.again).toEqual(['ns/web']);
    } finally {
      await fakes.handler.stop();
      jest.useRealTimers();
    }
  });

  it('does nothing for a Service that is gone', async () => {
    await fakes.handler.onDeleted('ns/web');
    expect(fakes.annotated).toEqual([]);
  });
});
