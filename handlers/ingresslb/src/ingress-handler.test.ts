import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  INGRESSES,
  type KubernetesObject,
  type ResourceKind,
  type Store,
  type StoreEvent,
  type WatchedKind,
} from '@kuryr-l7/kube';
import type {
  AppliedReport,
  DesiredRouter,
  EventNote,
  KubernetesWriter,
  Refusal,
  RouterDescription,
  RouteSource,
} from '@kuryr-l7/plugin';
import { settings } from '@kuryr-l7/plugin/conformance';
import { FULL_CAPABILITIES, type Ingress } from '@kuryr-l7/router';
import { IngressHandler } from './ingress-handler.js';

const SIGNAL = new AbortController().signal;

const description: RouterDescription = {
  id: 'r',
  name: 'the router',
  addresses: [{ ip: '203.0.113.7' }],
  listeners: [{ key: 'HTTP:80', protocol: 'HTTP', port: 80 }],
  addressFamily: 'IPv4',
};
const ROUTED = { ip: '203.0.113.7', ports: [{ port: 80, protocol: 'TCP' }] };

type HandledIngress = Parameters<IngressHandler['onPresent']>[0];

const ingress = (more: object = {}, status: readonly object[] = []): HandledIngress =>
  ({
    metadata: { name: 'web', namespace: 'ns', uid: 'u1' },
    spec: {
      rules: [
        {
          host: 'a.example',
          http: {
            paths: [{ pathType: 'Prefix', path: '/', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
    status: { loadBalancer: { ingress: status } },
    ...more,
  }) as HandledIngress;

/** A kind whose objects the test puts in and takes out. */
class FakeKind {
  readonly objects = new Map<string, KubernetesObject>();
  readonly #listeners: ((event: StoreEvent) => void)[] = [];

  set(key: string, object: KubernetesObject): void {
    this.objects.set(key, object);
    for (const listener of this.#listeners) listener({ type: 'present', key, object });
  }

  watched<T extends KubernetesObject>(kind: ResourceKind<T>): WatchedKind<T> {
    const store: Partial<Store> = {
      get: (key) => this.objects.get(key),
      values: () => this.objects.values(),
      byIndex: () => [...this.objects.values()],
    };
    const subscribe = (listener: (event: StoreEvent) => void) => this.#listeners.push(listener);
    return { kind, store, subscribe, addIndex: () => undefined } as unknown as WatchedKind<T>;
  }
}

class Fakes {
  readonly kinds = new Map<string, FakeKind>();
  readonly statuses: unknown[] = [];
  readonly events: EventNote[] = [];
  readonly annotated: Readonly<Record<string, string | null>>[] = [];
  readonly enqueued: string[] = [];
  failing = false;
  readonly handler: IngressHandler;
  #source: RouteSource | undefined;
  #report: (report: AppliedReport) => void = () => undefined;

  constructor() {
    const kubernetes: KubernetesWriter = {
      annotate: async (_kind, _object, annotations) => this.annotated.push(annotations) > 0,
      setFinalizer: async () => true,
      patchStatus: async (_kind, _object, status) => {
        if (this.failing) throw new Error('forbidden');
        return this.statuses.push(status) > 0;
      },
      event: (_kind, _object, note) => this.events.push(note),
    };
    const desired: Partial<DesiredRouter> = {
      addRoutes: (source) => {
        this.#source = source;
      },
      changed: () => undefined,
      wantedPools: () => this.#source?.compile(FULL_CAPABILITIES).pools ?? [],
      onApplied: (listener) => {
        this.#report = listener;
        return () => undefined;
      },
    };
    this.handler = new IngressHandler(settings({}), kubernetes, desired as DesiredRouter);
    this.handler.start({
      watch: (kind) => this.kind(kind.plural).watched(kind),
      enqueue: (key) => this.enqueued.push(key),
    });
    this.kind('services').set('ns/web', {
      metadata: { name: 'web', namespace: 'ns' },
      spec: { ports: [{ port: 80 }] },
    } as KubernetesObject);
  }

  kind(plural: string): FakeKind {
    const kind = this.kinds.get(plural) ?? new FakeKind();
    this.kinds.set(plural, kind);
    return kind;
  }

  /** The cluster has this Ingress, and what it asks for is on the router. */
  applied(object: HandledIngress, refusals: readonly Refusal[] = [], router = description): void {
    this.kind(INGRESSES.plural).set('ns/web', object);
    const compilation = this.#source?.compile(FULL_CAPABILITIES);
    if (compilation === undefined) throw new Error('the handler gave no routes');
    this.#report({ description: router, refusals, compilations: new Map([['ingresslb', compilation]]) });
  }
}

let fakes: Fakes;

describe('the Ingress handler', () => {
  beforeEach(() => {
    fakes = new Fakes();
  });

  it('says nothing before the routes are on the router', async () => {
    fakes.kind(INGRESSES.plural).set('ns/web', ingress());
    await fakes.handler.onPresent(ingress(), SIGNAL);
    expect([fakes.statuses, fakes.events, fakes.annotated]).toEqual([[], [], []]);
  });

  it('writes the address when they are, tells so once, and notifies the Service', async () => {
    fakes.applied(ingress());
    expect(fakes.enqueued).toEqual(['ns/web']);
    await fakes.handler.onPresent(ingress(), SIGNAL);
    expect(fakes.statuses).toEqual([{ loadBalancer: { ingress: [ROUTED] } }]);
    expect(fakes.events.map(({ type, reason }) => [type, reason])).toEqual([['Normal', 'Routed']]);
    expect(Object.values(fakes.annotated[0] ?? {})[0]).toContain('"route_id":"u1"');
  });

  it('writes and tells nothing after a restart when the status is right', async () => {
    fakes.applied(ingress({}, [ROUTED]));
    await fakes.handler.onPresent(ingress({}, [ROUTED]), SIGNAL);
    expect([fakes.statuses, fakes.events]).toEqual([[], []]);
  });

  it('looks at no Ingress again while nothing new is true of it', async () => {
    const routed = ingress({}, [ROUTED]);
    fakes.applied(routed);
    await fakes.handler.onPresent(routed, SIGNAL);
    fakes.applied(routed);
    expect(fakes.enqueued).toEqual(['ns/web']);
  });

  it('tells what the router refuses, of a policy to its Ingress and of a pool to all that lead to it, and when it is over', async () => {
    const refusals: readonly Refusal[] = [
      { source: { kind: 'Ingress', namespace: 'ns', name: 'web' }, message: 'bad rule' },
      { source: { kind: 'Service', namespace: 'ns', name: 'web' }, pool: 'ns_web', message: 'quota met' },
      { source: { kind: 'Ingress', namespace: 'ns', name: 'other' }, message: 'not ours' },
    ];
    fakes.applied(ingress({}, [ROUTED]), refusals);
    await fakes.handler.onPresent(ingress({}, [ROUTED]), SIGNAL);
    expect(fakes.events.map(({ reason, note }) => [reason, note])).toEqual([
      ['RouterRefused', 'bad rule'],
      ['RouterRefused', 'quota met'],
    ]);
    expect(JSON.stringify(fakes.statuses)).toContain('openstack.org/RouterRefused');
    const refused = ingress({}, [
      { ...ROUTED, ports: [{ port: 80, protocol: 'TCP', error: 'openstack.org/RouterRefused' }] },
    ]);
    fakes.applied(refused);
    await fakes.handler.onPresent(refused, SIGNAL);
    expect(fakes.statuses.at(-1)).toEqual({ loadBalancer: { ingress: [ROUTED] } });
    expect(fakes.events.at(-1)).toMatchObject({ type: 'Normal', reason: 'Routed' });
  });

  describe('whose status somebody else replaces', () => {
    const THEIRS = { ip: '127.0.0.1' };
    let version = 0;

    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(async () => {
      await fakes.handler.stop();
      expect(jest.getTimerCount()).toBe(0);
      jest.useRealTimers();
    });

    const replaced = () => {
      version += 1;
      const { metadata, ...rest } = ingress({}, [THEIRS]);
      return { ...rest, metadata: { ...metadata, resourceVersion: String(version) } };
    };

    it('mends it at once and tells nothing', async () => {
      fakes.applied(ingress());
      await fakes.handler.onPresent(ingress(), SIGNAL);
      await fakes.handler.onPresent(replaced(), SIGNAL);
      expect(fakes.statuses).toEqual(Array(2).fill({ loadBalancer: { ingress: [ROUTED] } }));
      expect(fakes.events.map(({ reason }) => reason)).toEqual(['Routed']);
    });

    it('writes it less and less often, and names the likely cause once', async () => {
      fakes.applied(ingress());
      await fakes.handler.onPresent(ingress(), SIGNAL);
      for (let second = 0; second < 60; second += 1) {
        for (let times = 0; times < 10; times += 1) await fakes.handler.onPresent(replaced(), SIGNAL);
        await jest.advanceTimersByTimeAsync(1_000);
      }
      // At 0, 0, 1, 3, 7, 15 and 31 s, after the first.
      expect(fakes.statuses).toHaveLength(7);
      expect(fakes.enqueued.length).toBeGreaterThan(5);
      expect(fakes.events.map(({ type, reason }) => [type, reason])).toEqual([
        ['Normal', 'Routed'],
        ['Warning', 'StatusContested'],
      ]);
      expect(fakes.events.at(-1)?.note).toContain('another controller serves the same IngressClass');
    });
  });

  it('leaves what fails to be written to the queue, and does not ask for it again at each applied state', async () => {
    fakes.failing = true;
    fakes.applied(ingress());
    await expect(fakes.handler.onPresent(ingress(), SIGNAL)).rejects.toThrow('forbidden');
    fakes.applied(ingress());
    expect(fakes.enqueued).toEqual(['ns/web']);
    fakes.failing = false;
    await fakes.handler.onPresent(ingress(), SIGNAL);
    expect(fakes.events.map(({ reason }) => reason)).toEqual(['Routed']);
  });

  it('tells that the certificates of spec.tls are not used', async () => {
    const tls = ingress();
    fakes.applied({ ...tls, spec: { ...tls.spec, tls: [{ secretName: 'a' }] } } as HandledIngress);
    await fakes.handler.onPresent(
      { ...tls, spec: { ...tls.spec, tls: [{ secretName: 'a' }] } } as HandledIngress,
      SIGNAL,
    );
    expect(fakes.events.map(({ reason }) => reason)).toEqual(['Routed', 'TlsNotSupported']);
  });

  it('notifies a Service that was made anew', async () => {
    fakes.applied(ingress({}, [ROUTED]));
    await fakes.handler.onPresent(ingress({}, [ROUTED]), SIGNAL);
    fakes.kind('services').set('ns/web', {
      metadata: { name: 'web', namespace: 'ns', uid: 'new' },
      spec: { ports: [{ port: 80 }] },
    } as KubernetesObject);
    expect(fakes.enqueued).toEqual(['ns/web', 'ns/web']);
  });

  it('leaves the status of an Ingress alone that it has never handled', async () => {
    const foreign = ingress({ spec: { ingressClassName: 'nginx' } }, [ROUTED]);
    fakes.applied(foreign as HandledIngress & Ingress);
    await fakes.handler.onPresent(foreign, SIGNAL);
    expect(fakes.statuses).toEqual([]);
  });

  it('takes its address off an Ingress whose class is not ours any more, and leaves those of others', async () => {
    fakes.applied(ingress({}, [ROUTED]));
    await fakes.handler.onPresent(ingress({}, [ROUTED]), SIGNAL);
    const foreign = ingress({ spec: { ingressClassName: 'nginx' } }, [ROUTED, { hostname: 'lb.example' }]);
    fakes.applied(foreign as HandledIngress & Ingress);
    await fakes.handler.onPresent(foreign, SIGNAL);
    expect(fakes.statuses).toEqual([{ loadBalancer: { ingress: [{ hostname: 'lb.example' }] } }]);
    expect(fakes.events).toEqual([]);
  });

  it('writes the new address when another router was opened', async () => {
    const routed = ingress({}, [ROUTED]);
    fakes.applied(routed);
    await fakes.handler.onPresent(routed, SIGNAL);
    fakes.applied(routed, [], { ...description, addresses: [{ hostname: 'lb.example' }] });
    await fakes.handler.onPresent(routed, SIGNAL);
    expect(fakes.statuses).toEqual([{ loadBalancer: { ingress: [{ hostname: 'lb.example', ports: ROUTED.ports }] } }]);
  });
});
