import assert from 'node:assert/strict';
import type { ObjectOf, PODS } from '@kuryr-l7/kube';
import { formatPayload, POD_STATE, parsePayload, type Vif } from '@kuryr-l7/kuryr-objects';
import type { PodVifDriver, VifPlace } from '../drivers/pod-vif-driver.js';
import { hasCode } from '../errors.js';
import type { TestFramework } from './fixture.js';

/** A driver of VIFs, and the network that it works on. */
export interface OpenedVifDriver {
  readonly driver: PodVifDriver;
  readonly place: VifPlace;
  /** A Pod that is scheduled to a node of that network. Each call makes another. */
  pod(): ObjectOf<typeof PODS>;
  /** The same driver in another process, as after a crash. */
  reopen(): Promise<PodVifDriver>;
  /** Does what makes a VIF active, as the agent on the node does. Left out where VIFs become active by themselves. */
  activate?(vif: Vif): Promise<void>;
  /** Ids of a group other than those of the place. */
  otherSecurityGroups(): Promise<readonly string[]>;
  /** Makes ports that are not this cluster's, in the same subnet, and look most like its own. */
  foreignPorts(): Promise<readonly string[]>;
  /** Whether there is a port of this id. */
  hasPort(id: string): Promise<boolean>;
  /** Releases what the tests have left, and closes. */
  close(): Promise<void>;
}

export interface VifFixture {
  /** Name of the driver, for the names of the tests. */
  readonly name: string;
  /** Milliseconds in which a VIF has become active. @default 60_000 */
  readonly patience?: number;
  /** Called for each test. */
  open(): Promise<OpenedVifDriver>;
}

type Run = (opened: OpenedVifDriver, signal: AbortSignal) => Promise<void>;

/** The conformance suite for drivers of VIFs. */
export function podVifDriverConformance(fixture: VifFixture, { describe, it }: TestFramework): void {
  const { patience = 60_000 } = fixture;
  const test = (name: string, run: Run) =>
    it(name, async () => {
      const opened = await fixture.open();
      try {
        await run(opened, new AbortController().signal);
      } finally {
        await opened.close();
      }
    });
  describe(`driver ${fixture.name}`, () => {
    test('gives a Pod a VIF with an address in each subnet, which an annotation can hold', async (opened, signal) => {
      const vif = await opened.driver.requestVif(opened.pod(), opened.place, signal);
      const subnets = vif.network?.subnets.objects ?? [];
      assert.deepEqual(
        subnets.map(({ cidr }) => cidr),
        opened.place.subnets.map(({ cidr }) => cidr),
      );
      for (const { ips } of subnets) assert.equal(ips?.objects.length, 1);
      assert.ok(await opened.hasPort(vif.id));
      const state = { default_vif: vif, additional_vifs: {} };
      assert.deepEqual(parsePayload(POD_STATE, formatPayload(POD_STATE, state)), state);
    });
    test('gives the same Pod the same VIF, however often it is asked, and in another process', async (opened, signal) => {
      const pod = opened.pod();
      const { id } = await opened.driver.requestVif(pod, opened.place, signal);
      assert.equal((await opened.driver.requestVif(pod, opened.place, signal)).id, id);
      assert.equal((await (await opened.reopen()).requestVif(pod, opened.place, signal)).id, id);
    });
    test('says of a node what it says of its Pods', async ({ driver, pod }, signal) => {
      const { spec, status } = pod();
      const addresses = [{ type: 'InternalIP', address: status?.hostIP ?? '' }];
      const node = { metadata: { name: spec?.nodeName ?? '' }, status: { addresses } };
      const other = {
        metadata: { name: 'another' },
        status: { addresses: [{ type: 'InternalIP', address: '192.0.2.99' }] },
      };
      const own = await driver.nodeOf(pod(), signal);
      assert.ok((await driver.idsOfNodes([other, node], signal)).has(own));
      assert.ok(!(await driver.idsOfNodes([other], signal)).has(own));
    });
    test('gives each Pod its own', async (opened, signal) => {
      const pods = [opened.pod(), opened.pod(), opened.pod()];
      const vifs = await Promise.all(pods.map((pod) => opened.driver.requestVif(pod, opened.place, signal)));
      assert.equal(new Set(vifs.map(({ id }) => id)).size, 3);
      const held = await opened.driver.heldVifs(signal);
      for (const [index, pod] of pods.entries()) {
        const found = held.find(({ id }) => id === vifs[index]?.id);
        assert.equal(found?.podUid, pod.metadata.uid);
        assert.equal(found?.node, await opened.driver.nodeOf(pod, signal));
      }
    });
    test('knows after a restart what each Pod has, by what Neutron says alone', async (opened, signal) => {
      const pods = [opened.pod(), opened.pod()];
      const vifs = await Promise.all(pods.map((pod) => opened.driver.requestVif(pod, opened.place, signal)));
      const after = await opened.reopen();
      await after.heldVifs(signal);
      for (const [index, { metadata }] of pods.entries()) {
        const found = await after.vifOf(metadata.uid ?? '', signal);
        assert.deepEqual({ ...found, active: false }, { ...vifs[index], active: false });
      }
      assert.equal(await after.vifOf(opened.pod().metadata.uid ?? '', signal), undefined);
    });
    test('makes several in advance, which are nobody’s', async (opened, signal) => {
      const pod = opened.pod();
      const made = await opened.driver.requestVifs(pod, opened.place, 3, signal);
      assert.ok(made.length >= 1 && made.length <= 3);
      const held = await (await opened.reopen()).heldVifs(signal);
      for (const vif of made) {
        assert.deepEqual(
          { podUid: vif.podUid, node: vif.node, networkId: vif.networkId, projectId: vif.projectId },
          {
            podUid: undefined,
            node: await opened.driver.nodeOf(pod, signal),
            networkId: opened.place.subnets[0]?.network_id,
            projectId: opened.place.projectId,
          },
        );
        assert.deepEqual(
          held.find(({ id }) => id === vif.id),
          vif,
        );
      }
    });
    test('gives one of those to a Pod, and to another one later, and Neutron knows', async (opened, signal) => {
      const [first, second] = [opened.pod(), opened.pod()];
      const [made] = await opened.driver.requestVifs(first, opened.place, 1, signal);
      assert.ok(made !== undefined);
      for (const pod of [first, second]) {
        const uid = pod.metadata.uid ?? '';
        const vif = await opened.driver.assignVif(made, pod, opened.place, signal);
        const after = await opened.reopen();
        assert.equal((await after.heldVifs(signal)).find(({ id }) => id === made.id)?.podUid, uid);
        for (const driver of [opened.driver, after]) {
          assert.deepEqual({ ...(await driver.vifOf(uid, signal)), active: false }, { ...vif, active: false });
        }
      }
      assert.equal(await opened.driver.vifOf(first.metadata.uid ?? '', signal), undefined);
    });
    test('gives nobody a VIF that somebody has deleted', async (opened, signal) => {
      const [made] = await opened.driver.requestVifs(opened.pod(), opened.place, 1, signal);
      assert.ok(made !== undefined);
      await (await opened.reopen()).releaseVif(made, signal);
      await assert.rejects(opened.driver.assignVif(made, opened.pod(), opened.place, signal), (error) =>
        hasCode(error, 'ERR_VIF_GONE'),
      );
    });
    test('releases a VIF, and is content where there is none', async (opened, signal) => {
      const pod = opened.pod();
      const vif = await opened.driver.requestVif(pod, opened.place, signal);
      await opened.driver.releaseVif(vif, signal);
      assert.equal(await opened.hasPort(vif.id), false);
      await opened.driver.releaseVif(vif, signal);
      assert.equal(await opened.driver.vifOf(pod.metadata.uid ?? '', signal), undefined);
      const another = await opened.driver.requestVif(pod, opened.place, signal);
      assert.notEqual(another.id, vif.id);
    });
    test('releases what a Pod has and nothing of another one, also after a restart', async (opened, signal) => {
      const [leaving, staying] = [opened.pod(), opened.pod()];
      const left = await opened.driver.requestVif(leaving, opened.place, signal);
      const kept = await opened.driver.requestVif(staying, opened.place, signal);
      const after = await opened.reopen();
      for (const _ of ['once', 'twice']) await after.releaseVifOf(leaving.metadata.uid ?? '', signal);
      assert.deepEqual([await opened.hasPort(left.id), await opened.hasPort(kept.id)], [false, true]);
    });
    test('never touches what is not its own', async (opened, signal) => {
      for (const id of await opened.foreignPorts()) {
        await opened.driver.releaseVif({ id }, signal);
        assert.ok(await opened.hasPort(id));
        assert.ok(!(await opened.driver.heldVifs(signal)).some((held) => held.id === id));
        await assert.rejects(opened.driver.assignVif({ id }, opened.pod(), opened.place, signal), (error) =>
          hasCode(error, 'ERR_VIF_GONE'),
        );
      }
    });
    test('tells when a VIF is active, and not before', async (opened, signal) => {
      const vif = await opened.driver.requestVif(opened.pod(), opened.place, signal);
      if (opened.activate !== undefined) {
        await assert.rejects(opened.driver.activateVif({ ...vif, active: false }, signal), (error) =>
          hasCode(error, 'ERR_NOT_READY'),
        );
        await opened.activate(vif);
      }
      assert.deepEqual(await activeVif(opened.driver, vif, patience, signal), { ...vif, active: true });
    });
    test('tells that somebody has deleted a VIF, and gives the Pod another one', async (opened, signal) => {
      const pod = opened.pod();
      const vif = await opened.driver.requestVif(pod, opened.place, signal);
      await (await opened.reopen()).releaseVif(vif, signal);
      await assert.rejects(opened.driver.activateVif({ ...vif, active: false }, signal), (error) =>
        hasCode(error, 'ERR_VIF_GONE'),
      );
      assert.equal(await opened.driver.vifOf(pod.metadata.uid ?? '', signal), undefined);
      assert.notEqual((await opened.driver.requestVif(pod, opened.place, signal)).id, vif.id);
    });
    test('gives a Pod the security groups of its place with a VIF that was made with others', async (opened, signal) => {
      const [made] = await opened.driver.requestVifs(opened.pod(), opened.place, 1, signal);
      assert.ok(made !== undefined);
      const place = { ...opened.place, securityGroups: await opened.otherSecurityGroups() };
      await opened.driver.assignVif(made, opened.pod(), place, signal);
      const held = (await opened.driver.heldVifs(signal)).find(({ id }) => id === made.id);
      assert.deepEqual(held?.securityGroups, place.securityGroups);
      await opened.driver.releaseVif(made, signal);
    });
  });
}

async function activeVif(driver: PodVifDriver, vif: Vif, patience: number, signal: AbortSignal): Promise<Vif> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await driver.activateVif({ ...vif, active: false }, signal);
    } catch (error) {
      if (!hasCode(error, 'ERR_NOT_READY') || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
