import { beforeEach, describe, expect, it } from '@jest/globals';
import { KubernetesConfigurationError, KubernetesConnectionError, LeadershipLostError } from './errors.js';
import { FakeClock, settle } from './fake-clock.js';
import { FakeTransport, type SentRequest } from './fake-transport.fixture.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import { LeaderElection, type LeaderElectionOptions } from './leader-election.js';
import { RecordingLogger } from './recording-logger.fixture.js';

const PATH = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';

interface LeaseJson {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** One Lease in an API server that guards updates by resourceVersion. */
class LeaseServer {
  lease: LeaseJson | undefined;
  #version = 0;

  respond({ method, path, body }: SentRequest): LeaseJson {
    const sent = body as LeaseJson;
    if (method === 'POST') {
      expect(path).toBe(PATH);
      if (this.lease !== undefined) throw new KubernetesApiError('exists', { status: 409, reason: 'AlreadyExists' });
      return this.store(sent);
    }
    expect(path).toBe(`${PATH}/kuryr-l7`);
    if (this.lease === undefined) throw new KubernetesApiError('none', { status: 404, reason: 'NotFound' });
    if (method === 'GET') return structuredClone(this.lease);
    if (sent.metadata.resourceVersion !== this.lease.metadata.resourceVersion) {
      throw new KubernetesApiError('modified', { status: 409, reason: 'Conflict' });
    }
    return this.store(sent);
  }

  store(lease: LeaseJson): LeaseJson {
    this.#version += 1;
    const metadata = { name: lease.metadata.name, resourceVersion: String(this.#version) };
    this.lease = structuredClone({ ...lease, metadata });
    return structuredClone(this.lease);
  }
}

describe('LeaderElection', () => {
  let clock: FakeClock;
  let server: LeaseServer;

  beforeEach(() => {
    clock = new FakeClock();
    server = new LeaseServer();
  });

  class Candidate {
    /** What happened to it, with the second at which it did. */
    readonly story: string[] = [];
    readonly transport: FakeTransport;
    readonly election: LeaderElection;
    readonly stop = new AbortController();
    /** Replaces the server for this candidate. */
    cutOff: ((request: SentRequest) => unknown) | undefined;
    windDown = 0;
    done: Promise<void> = Promise.resolve();

    constructor(
      readonly name: string,
      options: Partial<LeaderElectionOptions> = {},
    ) {
      this.transport = new FakeTransport((request) => (this.cutOff ?? ((sent) => server.respond(sent)))(request));
      this.election = new LeaderElection(this.transport, {
        namespace: 'kube-system',
        name: 'kuryr-l7',
        identity: name,
        clock,
        random: () => 0,
        ...options,
      });
    }

    start(): Promise<void> {
      this.done = this.election.run((signal) => this.#lead(signal), this.stop.signal);
      return settle();
    }

    async #lead(signal: AbortSignal): Promise<void> {
      this.#note('leads');
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      this.#note(signal.reason instanceof LeadershipLostError ? 'lost' : 'stops');
      if (this.windDown > 0) await new Promise<void>((resolve) => void clock.schedule(resolve, this.windDown));
      this.#note('ended');
    }

    #note(what: string): void {
      this.story.push(`${what} at ${clock.now() / 1000}`);
    }
  }

  async function stopAll(...candidates: Candidate[]): Promise<void> {
    for (const { stop } of candidates) stop.abort();
    await clock.advance(5000);
    await Promise.all(candidates.map(({ done }) => done));
    expect(clock.pending).toBe(0);
  }

  it('creates the Lease and renews it every two seconds', async () => {
    const a = new Candidate('a');
    await a.start();
    expect(a.election.isLeader).toBe(true);
    expect(server.lease?.spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
    await clock.advance(4000);
    expect(server.lease?.spec).toMatchObject({
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:04.000000Z',
      leaseTransitions: 0,
    });
    expect(a.transport.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'PUT', 'PUT']);
    await stopAll(a);
  });

  it('has one leader of two candidates; the other knows who it is', async () => {
    const [a, b] = [new Candidate('a'), new Candidate('b')];
    await a.start();
    await b.start();
    await clock.advance(600_000);
    expect([a.election.isLeader, b.election.isLeader]).toEqual([true, false]);
    expect(b.election.leader).toBe('a');
    expect(b.story).toEqual([]);
    await stopAll(a, b);
  });

  it('is handed over within seconds when the leader stops, its work done first', async () => {
    const [a, b] = [new Candidate('a'), new Candidate('b')];
    a.windDown = 30_000;
    await a.start();
    await clock.advance(500);
    await b.start();
    await clock.advance(9_500);
    a.stop.abort();
    await clock.advance(29_999);
    expect(b.story).toEqual([]);
    await clock.advance(1);
    await a.done;
    expect(server.lease?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await clock.advance(2000);
    expect(a.story).toEqual(['leads at 0', 'stops at 10', 'ended at 40']);
    expect(b.story).toEqual(['leads at 40.5']);
    expect(server.lease?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    await stopAll(b);
  });

  it('is taken over 15 seconds after the last renewal that was seen, after the old leader gave up', async () => {
    const [a, b] = [new Candidate('a'), new Candidate('b')];
    await a.start();
    await b.start();
    await clock.advance(10_000);
    a.cutOff = () => {
      throw new KubernetesConnectionError('no route');
    };
    await clock.advance(20_000);
    expect(a.story).toEqual(['leads at 0', 'lost at 20', 'ended at 20']);
    expect(b.story).toEqual(['leads at 26']);
    expect(a.election.isLeader).toBe(false);
    await stopAll(a, b);
  });

  it('gives up in time though the API server does not even refuse', async () => {
    const a = new Candidate('a');
    await a.start();
    await clock.advance(3000);
    a.cutOff = () => new Promise(() => undefined);
    await clock.advance(20_000);
    expect(a.story).toEqual(['leads at 0', 'lost at 12', 'ended at 12']);
    await stopAll(a);
  });

  it('leads again after it lost and won', async () => {
    const a = new Candidate('a');
    await a.start();
    a.cutOff = () => {
      throw new KubernetesApiError('broken', { status: 500, reason: '' });
    };
    await clock.advance(11_000);
    a.cutOff = undefined;
    await clock.advance(10_000);
    expect(a.story).toEqual(['leads at 0', 'lost at 10', 'ended at 10', 'leads at 12']);
    await stopAll(a);
  });

  it('keeps leading through a conflict and lost answers', async () => {
    const a = new Candidate('a');
    await a.start();
    if (server.lease !== undefined) server.store(server.lease);
    await clock.advance(4000);
    let lost = 0;
    a.cutOff = (request) => {
      const answer = server.respond(request);
      lost += 1;
      if (lost === 1) throw new KubernetesConnectionError('reset');
      return answer;
    };
    await clock.advance(60_000);
    expect(a.story).toEqual(['leads at 0']);
    await stopAll(a);
  });

  it('gives up at once when another holds the Lease', async () => {
    const a = new Candidate('a');
    await a.start();
    if (server.lease !== undefined) {
      server.store({ ...server.lease, spec: { ...server.lease.spec, holderIdentity: 'b', renewTime: 'x' } });
    }
    await clock.advance(4000);
    expect(a.story).toEqual(['leads at 0', 'lost at 4', 'ended at 4']);
    await stopAll(a);
  });

  it('goes by its own clock, not by the times in the Lease', async () => {
    const spec = { holderIdentity: 'b', leaseDurationSeconds: 15, leaseTransitions: 3 };
    const [past, future] = ['1999-01-01T00:00:00.000000Z', '2999-01-01T00:00:00.000000Z'];
    for (const renewTime of [past, future]) {
      clock = new FakeClock();
      server = new LeaseServer();
      server.store({ metadata: { name: 'kuryr-l7', resourceVersion: '' }, spec: { ...spec, renewTime } });
      const a = new Candidate('a');
      await a.start();
      await clock.advance(14_000);
      expect(a.story).toEqual([]);
      await clock.advance(3000);
      expect(a.story).toEqual(['leads at 16']);
      expect(server.lease?.spec.leaseTransitions).toBe(4);
      await stopAll(a);
    }
  });

  it('creates the Lease anew when somebody deletes it', async () => {
    const a = new Candidate('a');
    await a.start();
    server.lease = undefined;
    await clock.advance(5000);
    expect(a.story).toEqual(['leads at 0']);
    expect(server.lease).toBeDefined();
    await stopAll(a);
  });

  it('campaigns on when the API server is away at the start, and logs that once', async () => {
    const logger = new RecordingLogger();
    const a = new Candidate('a', { logger });
    a.cutOff = () => {
      throw new KubernetesConnectionError('refused');
    };
    await a.start();
    await clock.advance(60_000);
    a.cutOff = undefined;
    await clock.advance(2000);
    expect(a.election.isLeader).toBe(true);
    expect(logger.messages('warn')).toEqual([expect.stringContaining('could not acquire or renew the Lease')]);
    await stopAll(a);
  });

  it('ends, releasing the Lease, when what it leads ends by itself or fails', async () => {
    const { transport, election } = new Candidate('a');
    await election.run(async () => undefined, new AbortController().signal);
    expect(transport.requests.at(-1)?.body).toMatchObject({ spec: { holderIdentity: '' } });
    const failed = election.run(async () => {
      throw new Error('broken');
    }, new AbortController().signal);
    await expect(failed).rejects.toThrow('broken');
    expect(server.lease?.spec.holderIdentity).toBe('');
    expect(clock.pending).toBe(0);
  });

  it('never has two leaders, whoever is cut off', async () => {
    const candidates = ['a', 'b', 'c'].map((name) => new Candidate(name));
    for (const candidate of candidates) await candidate.start();
    let seed = 42;
    for (let second = 0; second < 1200; second += 1) {
      if (second % 7 === 0) {
        for (const candidate of candidates) {
          seed = (seed * 1103515245 + 12345) % 2 ** 31;
          candidate.cutOff =
            seed % 3 !== 0
              ? undefined
              : () => {
                  throw new KubernetesConnectionError('cut off');
                };
        }
      }
      await clock.advance(1000);
      expect(candidates.filter(({ election }) => election.isLeader).length).toBeLessThanOrEqual(1);
    }
    for (const candidate of candidates) candidate.cutOff = undefined;
    await clock.advance(60_000);
    expect(candidates.filter(({ election }) => election.isLeader)).toHaveLength(1);
    expect(candidates.flatMap(({ story }) => story).length).toBeGreaterThan(10);
    await stopAll(...candidates);
  });

  it.each([[{ leaseDuration: 10_000 }], [{ retryPeriod: 9_000 }]])(
    'refuses times that would allow two leaders: %j',
    (options) => {
      expect(() => new Candidate('a', options)).toThrow(KubernetesConfigurationError);
    },
  );
});
