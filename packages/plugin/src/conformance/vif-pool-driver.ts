import assert from 'node:assert/strict';
import type { NODES, ObjectOf, PODS } from '@kuryr-l7/kube';
import type { PodVifDriver, VifPlace } from '../drivers/pod-vif-driver.js';
import type { VifPoolDriver } from '../drivers/vif-pool-driver.js';
import { hasCode } from '../errors.js';
import type { TestFramework } from './fixture.js';

/** A pool of VIFs that makes at most four in advance, and the driver behind it. */
export interface OpenedVifPool {
  readonly pool: VifPoolDriver;
  readonly vifs: PodVifDriver;
  readonly place: VifPlace;
  /** A Pod that is scheduled to a node. Each call makes another, of the same node. */
  pod(): ObjectOf<typeof PODS>;
  /** The same pool in another process, with a driver of its own, as after a crash. */
  reopen(): Promise<VifPoolDriver>;
  /** Releases what the tests have left, and closes. */
  close(): Promise<void>;
}

export interface VifPoolFixture {
  /** Name of the driver, for the names of the tests. */
  readonly name: string;
  /** Called for each test. */
  open(): Promise<OpenedVifPool>;
}

type Run = (opened: OpenedVifPool, signal: AbortSignal) => Promise<void>;

/** The conformance suite for pools of VIFs. */
export function vifPoolDriverConformance(fixture: VifPoolFixture, { describe, it }: TestFramework): void {
  const test = (name: string, run: Run) =>
    it(name, async () => {
      const opened = await fixture.open();
      const { signal } = new AbortController();
      try {
        await opened.pool.syncPools(() => new Set(), signal);
        await run(opened, signal);
      } finally {
        await opened.pool.close?.();
        await opened.close();
      }
    });
  describe(`driver ${fixture.name}`, () => {
    test('gives each Pod one VIF, the same whenever it is asked', async ({ pool, place, pod }, signal) => {
      const [one, other] = [pod(), pod()];
      const [first, second] = await Promise.all([one, other].map((each) => pool.requestVif(each, place, signal)));
      assert.notEqual(first?.id, second?.id);
      assert.equal((await pool.requestVif(one, place, signal)).id, first?.id);
      assert.equal((await pool.requestVif(other, place, signal)).id, second?.id);
    });
    test('gives nobody a VIF that another Pod has, however many come at once', async ({ pool, place, pod }, signal) => {
      const pods = Array.from({ length: 6 }, pod);
      const vifs = await Promise.all(pods.map((each) => pool.requestVif(each, place, signal)));
      assert.equal(new Set(vifs.map(({ id }) => id)).size, pods.length);
      await Promise.all(pods.slice(0, 3).map((each) => pool.releaseVif(uidOf(each), signal)));
      const later = await Promise.all(Array.from({ length: 3 }, () => pool.requestVif(pod(), place, signal)));
      const inUse = [...vifs.slice(3), ...later].map(({ id }) => id);
      assert.equal(new Set(inUse).size, 6);
    });
    test('takes a VIF back only from the Pod that has it, however often it is told', async (opened, signal) => {
      const { pool, place, pod } = opened;
      const first = pod();
      await pool.requestVif(first, place, signal);
      const request = () => Promise.all(Array.from({ length: 5 }, () => pool.requestVif(pod(), place, signal)));
      for (const _ of ['once', 'twice']) await pool.releaseVif(uidOf(first), signal);
      const vifs = await request();
      for (const uid of [uidOf(first), uidOf(pod())]) await pool.releaseVif(uid, signal);
      const inUse = [...vifs, ...(await request())].map(({ id }) => id);
      assert.equal(new Set(inUse).size, 10);
      const held = new Set((await opened.vifs.heldVifs(signal)).map(({ id }) => id));
      assert.ok(inUse.every((id) => held.has(id)));
    });
    test('knows after a restart who has a VIF, without annotations, and gives it to nobody else', async (opened, signal) => {
      const { pool, place, pod } = opened;
      const [staying, leaving] = [pod(), pod()];
      const kept = await pool.requestVif(staying, place, signal);
      const left = await pool.requestVif(leaving, place, signal);
      await pool.close?.();
      const after = await opened.reopen();
      const there = () => new Set([uidOf(staying)]);
      await after.syncPools(there, signal);
      await after.releaseLeftovers(there, signal);
      assert.deepEqual({ ...(await after.vifOf(uidOf(staying), signal)), active: false }, { ...kept, active: false });
      assert.equal(await after.vifOf(uidOf(leaving), signal), undefined);
      assert.equal((await after.requestVif(staying, place, signal)).id, kept.id);
      const others = await Promise.all(
        Array.from({ length: 5 }, pod).map((each) => after.requestVif(each, place, signal)),
      );
      const ids = others.map((vif) => vif.id);
      assert.ok(!ids.includes(kept.id));
      const isThere = (await opened.vifs.heldVifs(signal)).some((vif) => vif.id === left.id);
      assert.ok(!isThere || ids.includes(left.id), 'what a vanished Pod has left is neither released nor used again');
      await after.close?.();
    });
    test('does not take the VIF of a new Pod for left', async (opened, signal) => {
      const pod = opened.pod();
      const { id } = await opened.vifs.requestVif(pod, opened.place, signal);
      const after = await opened.reopen();
      await after.syncPools(() => new Set([uidOf(pod)]), signal);
      assert.equal((await after.requestVif(pod, opened.place, signal)).id, id);
      await after.close?.();
    });
    test('is content where a VIF is gone, and gives the Pod another one', async (opened, signal) => {
      const { pool, vifs, place } = opened;
      const pod = opened.pod();
      const vif = await pool.requestVif(pod, place, signal);
      await vifs.releaseVif(vif, signal);
      await assert.rejects(pool.activateVif({ ...vif, active: false }, signal), (error) =>
        hasCode(error, 'ERR_VIF_GONE'),
      );
      assert.notEqual((await pool.requestVif(pod, place, signal)).id, vif.id);
      await pool.releaseVif(uidOf(pod), signal);
      assert.equal(await pool.vifOf(uidOf(pod), signal), undefined);
    });
    for (const [where, letGo] of LETTING_GO) {
      test(`keeps nothing ready ${where}, and what Pods have until they leave it`, async (opened, signal) => {
        const { pool, vifs, place } = opened;
        const pod = opened.pod();
        const { id } = await pool.requestVif(pod, place, signal);
        const held = async () => (await vifs.heldVifs(signal)).map((vif) => vif.id).sort();
        const before = await held();
        await letGo(opened, signal, 'there');
        assert.deepEqual(await held(), before);
        await letGo(opened, signal, 'gone');
        assert.deepEqual(await held(), [id]);
        assert.equal((await pool.vifOf(uidOf(pod), signal))?.id, id);
        const another = await pool.requestVif(opened.pod(), place, signal);
        assert.notEqual(another.id, id);
      });
    }
  });
}

type LetGo = (opened: OpenedVifPool, signal: AbortSignal, what: 'there' | 'gone') => Promise<unknown>;

/** What a pool that keeps none ready need not do. */
const LETTING_GO: readonly (readonly [string, LetGo])[] = [
  [
    'on nodes that are gone',
    async ({ pool, pod }, signal, what) => pool.retainNodes?.(what === 'gone' ? [] : [nodeOf(pod())], signal),
  ],
  [
    'in projects in which Pods have none any more',
    async ({ pool, place }, signal, what) => {
      const projects = what === 'gone' ? ['another'] : [place.projectId];
      return pool.retainPlaces?.(async () => ({ projects, subnets: undefined }), signal);
    },
  ],
  [
    'in subnets in which Pods have none any more',
    async ({ pool, place }, signal, what) => {
      const another = place.subnets.map((subnet) => ({ ...subnet, id: 'another' }));
      const subnets = what === 'gone' ? [another] : [another, place.subnets];
      return pool.retainPlaces?.(async () => ({ projects: undefined, subnets }), signal);
    },
  ],
  [
    'in a network that is left',
    async ({ pool, place }, signal, what) =>
      pool.leaveNetwork?.(what === 'gone' ? (place.subnets[0]?.network_id ?? '') : 'another', signal),
  ],
];

/** The node that a Pod is scheduled to. */
function nodeOf({ spec, status }: ObjectOf<typeof PODS>): ObjectOf<typeof NODES> {
  const addresses = [{ type: 'InternalIP', address: status?.hostIP ?? '' }];
  return { metadata: { name: spec?.nodeName ?? '' }, status: { addresses } };
}

function uidOf({ metadata }: ObjectOf<typeof PODS>): string {
  return metadata.uid ?? '';
}
