import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@kuryr-l7/kube/testing';
import type { HandlerContext, PodProjectDriver, PodSubnetsDriver, VifPoolDriver } from '@kuryr-l7/plugin';
import { NotReadyError } from '@kuryr-l7/plugin';
import { Leftovers } from './leftovers.js';

const named = (name: string, namespace?: string) => ({
  metadata: { name, ...(namespace !== undefined && { namespace }) },
});

interface FakeEvent {
  readonly type: string;
  readonly object: ReturnType<typeof named>;
}

/** What a cluster has, by the plural of the kind, and who is told when something is deleted. */
class FakeCluster {
  readonly objects: Record<string, ReturnType<typeof named>[]> = { namespaces: [], nodes: [], pods: [] };
  readonly listeners = new Set<readonly [string, (event: FakeEvent) => void]>();
  readonly warnings: string[] = [];
  readonly clock = new FakeClock();
  readonly context = {
    watch: ({ plural }: { readonly plural: string }) => ({
      store: {
        values: () => this.objects[plural] ?? [],
        get: (key: string) => this.objects[plural]?.find(({ metadata }) => metadata.name === key),
      },
      subscribe: (listener: (event: FakeEvent) => void) => {
        const entry = [plural, listener] as const;
        this.listeners.add(entry);
        return () => this.listeners.delete(entry);
      },
    }),
  } as unknown as HandlerContext;
  readonly logger = { debug() {}, info() {}, warn: (text: string) => void this.warnings.push(text), error() {} };

  leftovers(
    subnets: Partial<PodSubnetsDriver>,
    pool: Partial<VifPoolDriver>,
    ready: () => Promise<void> = async () => undefined,
    projects: Partial<PodProjectDriver> = {},
  ) {
    const ofPods = { releaseLeftovers: async () => undefined, ...pool } as VifPoolDriver;
    const drivers = { projects: projects as PodProjectDriver, subnets: subnets as PodSubnetsDriver, pool: ofPods };
    const podUids = () => new Set(['u1']);
    return new Leftovers({ context: this.context, ...drivers, podUids, ready, logger: this.logger, clock: this.clock });
  }

  tell(plural: string, type: string, object = named('any')): void {
    for (const [kind, listener] of this.listeners) if (kind === plural) listener({ type, object });
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

let cluster: FakeCluster;
let calls: unknown[];
let trouble: Error | undefined;

const subnets: Partial<PodSubnetsDriver> = {
  retainNamespaces: async (namespaces, leave) => {
    calls.push([...namespaces()]);
    await leave('network-1');
    if (trouble !== undefined) throw trouble;
  },
};
const pool: Partial<VifPoolDriver> = {
  retainNodes: async (nodes) => void calls.push(nodes.map(({ metadata }) => metadata.name)),
  leaveNetwork: async (id) => void calls.push(id),
};

describe('what namespaces and nodes have left', () => {
  beforeEach(() => {
    cluster = new FakeCluster();
    calls = [];
    trouble = undefined;
    cluster.objects.namespaces = [named('shop')];
    cluster.objects.nodes = [named('node-1')];
    cluster.objects.pods = [named('web', 'shop'), named('early', 'bank')];
  });

  it('is cleared away at the start, when it is known what Pods have, and whenever one is gone', async () => {
    let isKnown = () => {};
    const known = new Promise<void>((resolve) => {
      isKnown = resolve;
    });
    const leftovers = cluster.leftovers(subnets, pool, () => known);
    cluster.tell('namespaces', 'deleted');
    leftovers.begin();
    await settled();
    expect(calls).toEqual([]);
    isKnown();
    await settled();
    expect(calls.splice(0)).toEqual([['node-1'], ['shop', 'bank'], 'network-1']);
    cluster.tell('namespaces', 'present');
    await settled();
    expect(calls).toEqual([]);
    cluster.objects.nodes = [];
    cluster.tell('nodes', 'deleted');
    await settled();
    expect(calls).toEqual([[], ['shop', 'bank'], 'network-1']);
    await leftovers.stop();
    expect(cluster.listeners.size).toBe(0);
  });

  it('is tried again, less and less often, where something is in use', async () => {
    trouble = new NotReadyError('network ns/shop-net stays');
    const leftovers = cluster.leftovers(subnets, {});
    leftovers.begin();
    await settled();
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]) {
      calls = [];
      await cluster.clock.advance(wait - 1);
      expect(calls).toEqual([]);
      await cluster.clock.advance(1);
      await settled();
      expect(calls).toHaveLength(1);
    }
    // At 64 and at 128 seconds it is the same.
    expect(cluster.warnings).toEqual([
      expect.stringMatching(/not cleared away yet: network ns\/shop-net stays; tried again/),
    ]);
    trouble = undefined;
    await cluster.clock.advance(128_000);
    await settled();
    calls = [];
    await cluster.clock.advance(3_600_000);
    expect(calls).toEqual([]);
    await leftovers.stop();
  });

  it.each(['releaseLeftovers', 'retainNodes'] as const)(
    'is tried again where %s fails, and keeps what others have left from nothing',
    async (step) => {
      let failures = 1;
      const fails = async () => {
        if (failures-- > 0) throw new Error('a port is in use');
        calls.push(step);
      };
      const leftovers = cluster.leftovers(subnets, { ...pool, [step]: fails });
      leftovers.begin();
      await settled();
      expect([calls.splice(0).slice(-2), cluster.warnings.length]).toEqual([[['shop', 'bank'], 'network-1'], 1]);
      await cluster.clock.advance(1_000);
      await settled();
      expect(calls).toContain(step);
      await leftovers.stop();
    },
  );

  it('goes from projects and subnets in which Pods have no VIFs any more, as far as drivers know those', async () => {
    const retainPlaces: VifPoolDriver['retainPlaces'] = async (places) => void calls.push(await places());
    const one = cluster.leftovers({ allSubnets: async () => [[]] }, { retainPlaces }, async () => undefined, {
      allProjects: async () => ['p'],
    });
    for (const leftovers of [one, cluster.leftovers({}, { retainPlaces })]) {
      leftovers.begin();
      await settled();
      await leftovers.stop();
    }
    expect(calls).toEqual([{ projects: ['p'], subnets: [[]] }, {}]);
  });

  it('of Pods goes with nobody watching for namespaces or nodes, but for those that are there', async () => {
    const releaseLeftovers: VifPoolDriver['releaseLeftovers'] = async (podUids) => void calls.push([...podUids()]);
    const leftovers = cluster.leftovers({}, { releaseLeftovers });
    leftovers.begin();
    await settled();
    expect([calls, cluster.listeners.size]).toEqual([[['u1']], 0]);
    await leftovers.stop();
  });

  it('is cleared away with the last Pod where that is seen to go after its namespace, and not with other Pods', async () => {
    const leftovers = cluster.leftovers(subnets, {});
    leftovers.begin();
    await settled();
    calls = [];
    cluster.tell('pods', 'deleted', named('web', 'shop'));
    await settled();
    expect(calls).toEqual([]);
    cluster.tell('pods', 'deleted', named('early', 'bank'));
    await settled();
    expect(calls).toHaveLength(1);
    await leftovers.stop();
  });

  it('is looked for once more where something goes meanwhile', async () => {
    const leftovers = cluster.leftovers(subnets, {});
    leftovers.begin();
    for (const _ of [1, 2, 3]) cluster.tell('namespaces', 'deleted');
    await settled();
    expect(calls).toHaveLength(2);
    await leftovers.stop();
  });

  it('is not asked for where drivers have nothing: nobody watches then', async () => {
    const leftovers = cluster.leftovers({}, {});
    leftovers.begin();
    await settled();
    expect(cluster.listeners.size).toBe(0);
    await leftovers.stop();
  });
});
