import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  ENDPOINT_SLICES,
  type KubernetesObject,
  type ResourceKind,
  SERVICES,
  SILENT_LOGGER,
  type Store,
  type WatchedKind,
} from '@kuryr-l7/kube';
import {
  type DesiredRouter,
  type KubernetesWriter,
  ROUTE_NOTIFICATION_ANNOTATION,
  ROUTE_STATE_ANNOTATION,
} from '@kuryr-l7/plugin';
import { settings } from '@kuryr-l7/plugin/conformance';
import type { Member, PoolRequest } from '@kuryr-l7/router';
import { ServiceHandler } from './service-handler.js';

const SIGNAL = new AbortController().signal;

const service = (annotations: Readonly<Record<string, string>> = {}) => ({
  metadata: { name: 'web', namespace: 'ns', annotations },
  spec: { ports: [{ port: 80, targetPort: 8080 }] },
});

const slice = (...addresses: readonly string[]) => ({
  metadata: { name: 'web-1', namespace: 'ns', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ports: [{ port: 8080, protocol: 'TCP' }],
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
});

const pool: PoolRequest = {
  name: 'ns_web',
  service: 'ns/web',
  port: { number: 80 },
  lbAlgorithm: 'ROUND_ROBIN',
  source: { kind: 'Service', namespace: 'ns', name: 'web' },
};

/** A cluster of one Service and its slices, and a desired router that wants what the test says. */
class Fakes {
  services: KubernetesObject[] = [];
  slices: KubernetesObject[] = [];
  wanted: readonly PoolRequest[] | undefined;
  readonly members = new Map<string, readonly Member[]>();
  readonly annotated: Readonly<Record<string, string | null>>[] = [];
  readonly enqueued: string[] = [];
  tellWanted: (services: readonly string[]) => void = () => undefined;
  readonly handler: ServiceHandler;

  constructor() {
    const desired: Partial<DesiredRouter> = {
      addressFamily: 'IPv4',
      fillsPools: () => undefined,
      wantedPools: () => this.wanted,
      setMembers: (name, members) => this.members.set(name, members),
      forgetMembers: (name) => this.members.delete(name),
      onWanted: (listener) => {
        this.tellWanted = listener;
        return () => undefined;
      },
    };
    const kubernetes: Partial<KubernetesWriter> = {
      annotate: async (_kind, _object, annotations) => {
        this.annotated.push(annotations);
        return true;
      },
    };
    this.handler = new ServiceHandler(
      desired as DesiredRouter,
      kubernetes as KubernetesWriter,
      settings({}),
      SILENT_LOGGER,
    );
    this.handler.start({ watch: (kind) => this.#watched(kind), enqueue: (key) => this.enqueued.push(key) });
  }

  #watched<T extends KubernetesObject>(kind: ResourceKind<T>): WatchedKind<T> {
    const objects = () => (kind.plural === SERVICES.plural ? this.services : this.slices) as unknown as T[];
    const store: Partial<Store<T>> = { values: () => objects()[Symbol.iterator](), byIndex: () => objects() };
    return { kind, store, addIndex: () => undefined } as unknown as WatchedKind<T>;
  }
}

let fakes: Fakes;

describe('the Service handler', () => {
  beforeEach(() => {
    fakes = new Fakes();
  });

  it('does nothing before any route is known: what is in the pools stays', async () => {
    fakes.slices = [slice('10.0.0.1')];
    await fakes.handler.onPresent(service({ [ROUTE_STATE_ANNOTATION]: 'x' }), SIGNAL);
    expect(fakes.members.size).toBe(0);
    expect(fakes.annotated).toEqual([]);
  });

  it('fills the pools that routes want with the ready endpoints, and says so on the Service', async () => {
    fakes.wanted = [pool];
    fakes.slices = [slice('10.0.0.2', '10.0.0.1')];
    await fakes.handler.onPresent(service(), SIGNAL);
    expect(fakes.members.get('ns_web')?.map(({ address, port }) => `${address}:${port}`)).toEqual([
      '10.0.0.1:8080',
      '10.0.0.2:8080',
    ]);
    expect(fakes.annotated).toEqual([{ [ROUTE_STATE_ANNOTATION]: expect.stringContaining('"name":"ns_web"') }]);
  });

  it('does not fight over its annotation with a controller of another class that routes to the Service', async () => {
    fakes.wanted = [pool];
    for (let version = 1; version <= 20; version += 1) {
      const { metadata, ...rest } = service({ [ROUTE_STATE_ANNOTATION]: 'theirs' });
      const seen = { ...rest, metadata: { ...metadata, resourceVersion: String(version) } };
      await fakes.handler.onPresent(seen, SIGNAL);
    }
    await fakes.handler.stop();
    // The first, and one that mends it at once.
    expect(fakes.annotated).toHaveLength(2);
  });

  it('empties the pool of a Service that is scaled to zero, as Kuryr did not', async () => {
    fakes.wanted = [pool];
    fakes.slices = [slice('10.0.0.1')];
    await fakes.handler.onPresent(service(), SIGNAL);
    fakes.slices = [];
    await fakes.handler.onPresent(service(), SIGNAL);
    expect(fakes.members.get('ns_web')).toEqual([]);
  });

  it('answers for the pool of a Service that does not exist, so that the route can answer 503', async () => {
    fakes.wanted = [pool];
    await fakes.handler.onDeleted('ns/web');
    expect(fakes.members.get('ns_web')).toEqual([]);
  });

  it('forgets the pool and takes its annotations off when no Ingress leads to it any more', async () => {
    fakes.wanted = [pool];
    await fakes.handler.onPresent(service(), SIGNAL);
    fakes.wanted = [];
    await fakes.handler.onPresent(service({ [ROUTE_STATE_ANNOTATION]: 'x' }), SIGNAL);
    expect(fakes.members.has('ns_web')).toBe(false);
    expect(fakes.annotated.at(-1)).toEqual({ [ROUTE_STATE_ANNOTATION]: null, [ROUTE_NOTIFICATION_ANNOTATION]: null });
  });

  it('takes off what it wrote also where that is seen only later, but does not fight for it', async () => {
    fakes.wanted = [pool];
    await fakes.handler.onPresent(service(), SIGNAL);
    fakes.wanted = [];
    await fakes.handler.onPresent(service(), SIGNAL);
    const late = service({ [ROUTE_NOTIFICATION_ANNOTATION]: 'late' });
    for (let round = 0; round < 10; round += 1) await fakes.handler.onPresent(late, SIGNAL);
    expect(fakes.annotated.filter((entry) => entry[ROUTE_NOTIFICATION_ANNOTATION] === null)).toHaveLength(3);
  });

  it('leaves annotations alone that it has not written, for they may be another controller’s', async () => {
    fakes.wanted = [];
    await fakes.handler.onPresent(service({ [ROUTE_STATE_ANNOTATION]: 'theirs' }), SIGNAL);
    expect(fakes.annotated).toEqual([]);
  });

  it('looks at the Services it is told about, and once at those that carry annotations from an earlier life', () => {
    fakes.services = [
      service({ [ROUTE_NOTIFICATION_ANNOTATION]: 'old' }),
      { metadata: { name: 'plain', namespace: 'ns' } },
    ];
    fakes.tellWanted(['ns/other']);
    fakes.tellWanted(['ns/third']);
    expect(fakes.enqueued).toEqual(['ns/web', 'ns/other', 'ns/third']);
  });

  it('is woken by the slices of a Service, by their label', () => {
    const [trigger] = fakes.handler.triggers;
    expect(trigger?.kind).toBe(ENDPOINT_SLICES);
    expect(trigger?.keys(slice('10.0.0.1'))).toEqual(['ns/web']);
    expect(trigger?.keys({ metadata: { name: 'stray', namespace: 'ns' } })).toEqual([]);
  });
});
