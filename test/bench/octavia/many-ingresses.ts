import { backend, endpointSlice, hostOf, ingress } from './manifests.js';
import { measure } from './measure.js';
import type { MeasuredCluster } from './measured-cluster.js';
import type { OctaviaUnderTest } from './octavia-under-test.js';
import type { LoadRow } from './report.js';

/** So many writes after one change of endpoints comes the next, while that write locks the load balancer. */
const WRITES_BETWEEN = 10;
/** Milliseconds after such a write was sent: less than it takes. */
const WITHIN_LOCK = 100;

export const nameOf = (index: number): string => `web-${index}`;

/**
 * So many Ingresses at once, each with a host and a Service of its own, onto a router that has one already: that one's
 * endpoints change again and again meanwhile, and its host is asked all the time.
 */
export async function manyIngresses(
  octavia: OctaviaUnderTest,
  cluster: MeasuredCluster,
  count: number,
): Promise<LoadRow> {
  const { endpoints, name: on } = octavia;
  await cluster.startController();
  cluster.apply(...backend('moving', endpoints), ingress('moving', 'moving'));
  const membersPath = await membersPathOf(octavia, () => cluster.settled());
  const moves = new EndpointMoves(octavia, cluster, membersPath);
  try {
    const measured = await measure(octavia, cluster, [{ host: hostOf('moving'), path: '/' }], () => {
      for (let index = 0; index < count; index += 1) {
        cluster.apply(...backend(nameOf(index), endpoints), ingress(nameOf(index), nameOf(index)));
      }
    });
    moves.throwIfFailed();
    return { ingresses: count, on, measured, waits: moves.waits };
  } finally {
    moves.stop();
  }
}

/** Where the members are written of the one pool that is made meanwhile. */
async function membersPathOf({ requests }: OctaviaUnderTest, making: () => Promise<void>): Promise<string> {
  let found = '';
  const end = requests.onRequest(({ method, path }) => {
    if (method === 'PUT' && path.endsWith('/members')) found = path;
  });
  await making();
  end();
  return found;
}

/** Changes the endpoints of `moving` again and again while other things are written, and looks when that is written. */
class EndpointMoves {
  readonly waits: { readonly locks: number; readonly seconds: number }[] = [];
  readonly #octavia: OctaviaUnderTest;
  readonly #cluster: MeasuredCluster;
  readonly #unsubscribe: () => void;
  #cancel: () => void = () => undefined;
  #generation = 0;
  #next: number;
  #failure: unknown;
  /** A change that is not written yet: when it was made, and the writes until then. */
  #pending: { readonly at: number; readonly writes: number } | undefined;

  constructor(octavia: OctaviaUnderTest, cluster: MeasuredCluster, membersPath: string) {
    this.#octavia = octavia;
    this.#cluster = cluster;
    this.#next = octavia.requests.writes + WRITES_BETWEEN;
    this.#unsubscribe = octavia.requests.onRequest(({ method, path }) => {
      if (method === 'PUT' && path === membersPath) this.#wasWritten();
      else if (method !== 'GET') this.#wasOvertaken();
    });
  }

  /** @throws why a change could not be made */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  stop(): void {
    this.#unsubscribe();
    this.#cancel();
  }

  #wasWritten(): void {
    const { requests, clock } = this.#octavia;
    if (this.#pending === undefined) return;
    const { at, writes } = this.#pending;
    this.#pending = undefined;
    this.waits.push({ locks: requests.writes - writes, seconds: (clock.now() - at) / 1_000 });
    this.#next = requests.writes + WRITES_BETWEEN;
  }

  #wasOvertaken(): void {
    const { requests, clock } = this.#octavia;
    if (requests.writes !== this.#next) return;
    this.#cancel = clock.after(WITHIN_LOCK, () => this.#move());
  }

  async #move(): Promise<void> {
    const { requests, clock, endpoints } = this.#octavia;
    this.#generation += 1;
    this.#pending = { at: clock.now(), writes: requests.writes };
    try {
      this.#cluster.apply(endpointSlice('moving', endpoints, this.#generation, 2));
      await this.#cluster.caughtUp();
    } catch (error) {
      this.#failure = error;
    }
  }
}
