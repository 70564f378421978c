import { describe, expect, it } from '@jest/globals';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import type { VifPoolDriver } from '@kuryr-l7/plugin';
import { type OpenVifPool, settings, VifCluster } from '@kuryr-l7/plugin/conformance';
import fc from 'fast-check';
import { NeutronVifPool } from './neutron-vif-pool.js';
import { NoopVifPool } from './noop-vif-pool.js';

const SIGNAL = new AbortController().signal;
const BATCH = 3;
const POOL = settings({ ports_pool_batch: BATCH, ports_pool_min: 1, ports_pool_max: 4 });

/** Names of Pods; a Pod that comes after another of its name is another one. */
const names = fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 4 });
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ type: fc.constant('come'), names }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('leave'), names }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('restart'), names }) },
  ),
  { minLength: 3, maxLength: 12 },
);
/** After so many writes, the next ones fail; those that fail `after` have come true. */
const faults = fc.array(
  fc.record({
    writes: fc.nat(12),
    count: fc.integer({ min: 1, max: 5 }),
    answer: fc.constantFrom(404, 409, 500, 503),
    moment: fc.constantFrom('before' as const, 'after' as const),
  }),
  { maxLength: 3 },
);

type Fault = typeof faults extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

function fail({ interference }: SimulatedVifCloud['simulator']['neutron'], { writes, count, answer, moment }: Fault) {
  let seen = 0;
  const matches = ({ method }: { readonly method: string }) => {
    if (method === 'GET') return false;
    seen += 1;
    return seen > writes && seen <= writes + count;
  };
  interference.fail({ answer, moment, count, matches });
}

/** Pods that come and go as they like, whatever Neutron answers. */
class Life {
  readonly #pods = new Map<number, ReturnType<VifCluster['pod']>>();
  /** Uid of a Pod -> id of its VIF, as it was told. */
  readonly #given = new Map<string, string>();
  #gone: string[] = [];
  #pool: VifPoolDriver;

  constructor(
    private readonly cluster: VifCluster,
    private readonly openPool: OpenVifPool,
  ) {
    this.#pool = openPool(cluster.driver());
  }

  readonly uids = () => new Set([...this.#pods.values()].map(({ metadata }) => metadata.uid ?? ''));

  async begin(): Promise<void> {
    await this.#pool.syncPools(this.uids, SIGNAL);
    await this.#pool.releaseLeftovers(this.uids, SIGNAL).catch(() => undefined);
  }

  async restart(): Promise<void> {
    await this.close();
    this.#pool = this.openPool(this.cluster.driver());
    this.#gone = [];
    await this.begin();
  }

  /** @throws where somebody else has the VIF */
  async come(name: number): Promise<void> {
    const pod = this.#pods.get(name) ?? this.cluster.pod();
    this.#pods.set(name, pod);
    const vif = await this.#pool.requestVif(pod, this.cluster.place, SIGNAL).catch(() => undefined);
    if (vif === undefined) return;
    this.#given.set(pod.metadata.uid ?? '', vif.id);
    expect(new Set(this.#given.values()).size).toBe(this.#given.size);
  }

  async leave(name: number): Promise<void> {
    const uid = this.#pods.get(name)?.metadata.uid;
    if (uid === undefined) return;
    this.#pods.delete(name);
    this.#given.delete(uid);
    await this.#pool.releaseVif(uid, SIGNAL).catch(() => this.#gone.push(uid));
  }

  /** Neutron answers again. @returns uid of each Pod -> id of its VIF */
  async settle(): Promise<ReadonlyMap<string, string>> {
    for (const uid of this.#gone) await this.#pool.releaseVif(uid, SIGNAL);
    for (const name of this.#pods.keys()) {
      await this.come(name);
      // What it took for a port may be gone.
      await this.come(name);
    }
    return this.#given;
  }

  async has(uid: string): Promise<string | undefined> {
    return (await this.#pool.vifOf(uid, SIGNAL))?.id;
  }

  async close(): Promise<void> {
    await this.#pool.close?.();
  }
}

describe.each([
  ['noop', (vifs): VifPoolDriver => new NoopVifPool(vifs), 0],
  ['neutron', (vifs): VifPoolDriver => new NeutronVifPool(vifs, POOL, SILENT_LOGGER), 4 + BATCH],
] satisfies readonly (readonly [string, OpenVifPool, number])[])('the pool %s', (_pool, openPool, mostFree) => {
  it.each([
    ['neutron-vif', (where: SimulatedVifCloud) => VifCluster.open(where, NeutronVifDriver)],
    ['nested-vlan', (where: SimulatedVifCloud) => VifCluster.withTrunk(where, NestedVlanDriver)],
  ])('gives each Pod its own port and loses none, whatever fails and whenever it is killed: %s', async (_of, open) => {
    const property = fc.asyncProperty(steps, faults, async (done, failing) => {
      const where = await simulatedVifCloud();
      const { neutron } = where.simulator;
      const life = new Life(await open(where), openPool);
      try {
        await life.begin();
        for (const fault of failing) fail(neutron, fault);
        for (const { type, names: some } of done) {
          if (type === 'restart') await life.restart();
          else await Promise.all(some.map((name) => (type === 'come' ? life.come(name) : life.leave(name))));
        }
        neutron.interference.reset();
        const given = await life.settle();
        expect([...given.keys()].sort()).toEqual([...life.uids()].sort());
        await life.restart();
        for (const [uid, id] of given) expect(await life.has(uid)).toBe(id);
        const made = [...neutron.state.ports.values()].filter(({ device_owner }) => device_owner === 'compute:kuryr');
        expect(made.length).toBeLessThanOrEqual(given.size + mostFree);
      } finally {
        await life.close();
        await where.close();
      }
    });
    await fc.assert(property, { numRuns: 12 });
  });
});
