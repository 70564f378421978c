import { expect } from '@jest/globals';
import { FakeClock, settle } from './fake-clock.js';
import { FakeTransport } from './fake-transport.fixture.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import { type KubernetesObject, keyOf } from './kubernetes-object.js';
import { Reflector, type ReflectorOptions } from './reflector.js';
import { INGRESSES, type ObjectOf } from './resource-kinds.js';

type Ingress = ObjectOf<typeof INGRESSES>;

export function ingress(name: string, resourceVersion: number | string): KubernetesObject {
  return { metadata: { namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: String(resourceVersion) } };
}

export function list(
  resourceVersion: number | string,
  items: readonly unknown[] = [],
  continueToken?: string,
): unknown {
  return { metadata: { resourceVersion: String(resourceVersion), continue: continueToken }, items };
}

export function failure(status: number, body: unknown = {}, retryAfter?: string): KubernetesApiError {
  return KubernetesApiError.fromStatus('GET', status, body, retryAfter);
}

/** A reflector of Ingresses, with the time and the API server in the hands of a test. */
export class ReflectedIngresses {
  readonly clock = new FakeClock();
  readonly transport = new FakeTransport(() => this.#answer());
  readonly stop = new AbortController();
  /** Answers lists, the last of them for ever; throws what is an Error. */
  lists: unknown[] = [list(7)];
  /** What the reflector has told. */
  objects = new Map<string, Ingress>();
  running: Promise<void> = Promise.resolve();
  #reflector: Reflector<Ingress> | undefined;

  get reflector(): Reflector<Ingress> {
    if (this.#reflector === undefined) throw new Error('the reflector is not started');
    return this.#reflector;
  }

  start(options: ReflectorOptions = {}): Promise<void> {
    const target = {
      replace: (all: readonly Ingress[]) => {
        this.objects = new Map(all.map((object) => [keyOf(object), object]));
      },
      set: (object: Ingress) => void this.objects.set(keyOf(object), object),
      delete: (object: Ingress) => void this.objects.delete(keyOf(object)),
    };
    const { clock, transport } = this;
    this.#reflector = new Reflector(transport, INGRESSES, target, { clock, random: () => 0, ...options });
    this.running = this.#reflector.run(this.stop.signal);
    return settle();
  }

  /** Stops it, and looks that nothing of it goes on. */
  async end(): Promise<void> {
    this.stop.abort();
    await this.running;
    expect(this.clock.pending).toBe(0);
  }

  #answer(): unknown {
    const next = this.lists.length > 1 ? this.lists.shift() : this.lists[0];
    if (next instanceof Error) throw next;
    return structuredClone(next);
  }
}
