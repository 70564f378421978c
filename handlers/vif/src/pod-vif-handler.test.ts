import { beforeEach, describe, expect, it } from '@jest/globals';
import { type EventNote, keyOf, type ObjectOf, type PODS } from '@kuryr-l7/kube';
import { FakeClock } from '@kuryr-l7/kube/testing';
import {
  formatPayload,
  POD_STATE,
  type PodState,
  parsePayload,
  VIF_ANNOTATION,
  type Vif,
} from '@kuryr-l7/kuryr-objects';
import type { HandlerContext, KubernetesWriter, Logger, VifPoolDriver } from '@kuryr-l7/plugin';
import { NotReadyError, VifGoneError } from '@kuryr-l7/plugin';
import { PATIENCE } from './activation-pace.js';
import { PodVifHandler } from './pod-vif-handler.js';

type Pod = ObjectOf<typeof PODS>;

const SIGNAL = new AbortController().signal;
const LOGGER: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const id = (number: number) => `99f580e6-d894-442a-bc5f-${String(number).padStart(12, '0')}`;

const vif = (number: number, active = false): Vif => ({
  className: 'VIFOpenVSwitch',
  id: id(number),
  address: 'fa:16:3e:00:00:01',
  network: null,
  active,
  preserve_on_delete: false,
  has_traffic_filtering: true,
});
const stateOf = (given: Vif): PodState => ({ default_vif: given, additional_vifs: {} });
const textOf = (given: Vif): string => formatPayload(POD_STATE, stateOf(given));

/** A Pod that is scheduled and has not started; another uid is another Pod. */
const pod = ({ name = 'web', uid = 'u1', annotation, ...more }: PodSettings = {}): Pod => ({
  metadata: {
    namespace: 'ns',
    name,
    uid,
    ...(annotation !== undefined && { annotations: { [VIF_ANNOTATION]: annotation } }),
    ...(more.deleted === true && { deletionTimestamp: '2026-11-21T14:00:00Z' }),
  },
  spec: { containers: [], nodeName: more.nodeName ?? 'node-1', hostNetwork: more.hostNetwork ?? false },
  status: { phase: more.phase ?? 'Pending' },
});

interface PodSettings {
  readonly name?: string;
  readonly uid?: string;
  readonly annotation?: string;
  readonly phase?: string;
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly deleted?: boolean;
}

class Fakes implements VifPoolDriver {
  readonly name = 'fake';
  readonly clock = new FakeClock();
  pods: Pod[] = [];
  /** What Neutron knows, by the uid of the Pod. */
  readonly owned = new Map<string, Vif>();
  readonly requested: (string | undefined)[] = [];
  readonly released: string[] = [];
  readonly annotated: (PodState | null)[] = [];
  readonly events: EventNote[] = [];
  readonly enqueued: string[] = [];
  readonly synced: (readonly string[])[] = [];
  readonly leftovers: (readonly string[])[] = [];
  trouble: Error | undefined;
  syncTrouble: Error | undefined;
  releaseTrouble: Error | undefined;
  activation: Error | undefined;
  isThere = true;
  readonly handler: PodVifHandler;

  constructor() {
    const kubernetes: Partial<KubernetesWriter> = {
      annotate: async (_kind, { metadata }, { [VIF_ANNOTATION]: text = null }) => {
        const isSaid = (metadata.annotations?.[VIF_ANNOTATION] ?? null) === text;
        if (this.isThere && !isSaid) this.annotated.push(text === null ? null : parsePayload(POD_STATE, text));
        return this.isThere;
      },
      event: (_kind, _object, note) => this.events.push(note),
    };
    const fake = { name: 'fake' };
    this.handler = new PodVifHandler(
      kubernetes as KubernetesWriter,
      { ...fake, getProject: async () => 'project' },
      { ...fake, getSubnets: async () => [] },
      { ...fake, getSecurityGroups: async () => [] },
      this,
      LOGGER,
      this.clock,
    );
    const watched = { store: { values: () => this.pods } };
    const context = { watch: () => watched, enqueue: (key: string) => this.enqueued.push(key) };
    this.handler.start(context as unknown as HandlerContext);
  }

  async requestVif({ metadata }: Pod): Promise<Vif> {
    if (this.trouble !== undefined) throw this.trouble;
    this.requested.push(metadata.uid);
    this.owned.set(metadata.uid ?? '', vif(this.requested.length));
    return vif(this.requested.length);
  }

  async vifOf(podUid: string): Promise<Vif | undefined> {
    return this.owned.get(podUid);
  }

  async releaseVif(podUid: string): Promise<void> {
    const owned = this.owned.get(podUid);
    if (owned === undefined) return;
    if (this.releaseTrouble !== undefined) throw this.releaseTrouble;
    this.owned.delete(podUid);
    this.released.push(owned.id);
  }

  async activateVif(inactive: Vif): Promise<Vif> {
    if (this.activation instanceof VifGoneError) this.owned.clear();
    if (this.activation !== undefined) throw this.activation;
    return { ...inactive, active: true };
  }

  async syncPools(podUids: () => ReadonlySet<string>): Promise<void> {
    if (this.syncTrouble !== undefined) throw this.syncTrouble;
    this.synced.push([...podUids()]);
  }

  async releaseLeftovers(podUids: () => ReadonlySet<string>): Promise<void> {
    this.leftovers.push([...podUids()]);
  }
}

let fakes: Fakes;
const present = (of: Pod) => fakes.handler.onPresent(of, SIGNAL);

describe('the handler vif', () => {
  beforeEach(() => {
    fakes = new Fakes();
  });

  it('gives a scheduled Pod a VIF, for the CNI daemon to plug in, and says when it is active', async () => {
    await present(pod());
    expect(fakes.annotated).toEqual([stateOf(vif(1)), stateOf(vif(1, true))]);
    expect(fakes.requested).toEqual(['u1']);
  });

  it.each([
    ['is on the network of its node', { hostNetwork: true }],
    ['is not scheduled yet', { nodeName: '' }],
    ['runs already, by the network of somebody else', { phase: 'Running' }],
    ['is being deleted', { deleted: true }],
    ['has finished', { phase: 'Succeeded' }],
  ])('gives none to a Pod that %s', async (_name, settings) => {
    await present(pod(settings));
    expect(fakes.requested).toEqual([]);
  });

  it('waits for the network without failing and without asking all the time', async () => {
    fakes.activation = new NotReadyError('port is DOWN');
    await present(pod());
    expect(fakes.annotated).toEqual([stateOf(vif(1))]);
    const looks: number[] = [];
    while (fakes.clock.now() < 60_000) {
      await fakes.clock.advance(50);
      if (fakes.enqueued.splice(0).length > 0) {
        looks.push(fakes.clock.now());
        await present(pod());
      }
    }
    expect(looks[0]).toBe(250);
    expect(looks.length).toBeLessThan(25);
    fakes.activation = undefined;
    await present(pod());
    expect(fakes.annotated.at(-1)).toEqual(stateOf(vif(1, true)));
    await fakes.clock.advance(600_000);
    expect(fakes.enqueued).toEqual([]);
  });

  it('tells on the Pod, once, that its VIF does not become active', async () => {
    fakes.activation = new NotReadyError('port p is DOWN');
    await present(pod());
    await fakes.clock.advance(PATIENCE + 7_000);
    await present(pod());
    await present(pod());
    expect(fakes.events).toEqual([
      expect.objectContaining({
        type: 'Warning',
        reason: 'VifNotActive',
        note: 'port p is DOWN for more than 5 minutes: look for the CNI daemon and the agent of Neutron on node node-1',
      }),
    ]);
  });

  it.each([
    ['ERR_OPENSTACK_QUOTA', 'PortQuotaExceeded'],
    ['ERR_OPENSTACK_ADDRESSES_EXHAUSTED', 'NoFreeAddress'],
    ['ERR_VIF_UNAVAILABLE', 'NoVif'],
  ])('tells on the Pod of %s as %s, and tries again with back-off', async (code, reason) => {
    fakes.trouble = Object.assign(new Error('why not'), { code });
    await expect(present(pod())).rejects.toThrow('why not');
    expect(fakes.events).toEqual([expect.objectContaining({ type: 'Warning', reason, note: 'why not' })]);
    fakes.trouble = undefined;
    await present(pod());
    expect(fakes.annotated.at(-1)).toEqual(stateOf(vif(1, true)));
  });

  it('does not trouble people with what is only not ready', async () => {
    fakes.trouble = new NotReadyError('its node is not known');
    await expect(present(pod())).rejects.toThrow('its node is not known');
    expect(fakes.events).toEqual([]);
  });

  it('releases the VIF of a Pod that is gone', async () => {
    await present(pod());
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect(fakes.released).toEqual([id(1)]);
  });

  it('releases the VIF of a Pod that vanished while it was being made', async () => {
    fakes.isThere = false;
    await present(pod());
    expect(fakes.released).toEqual([id(1)]);
  });

  it.each(['Succeeded', 'Failed'])(
    'releases the VIF of a Pod that has %s, which may be kept for days',
    async (phase) => {
      await present(pod());
      const finished = pod({ phase, annotation: textOf(vif(1, true)) });
      await present(finished);
      expect([fakes.released, fakes.annotated.at(-1)]).toEqual([[id(1)], null]);
      // Heard of again, before the annotation is seen to be gone.
      await present(finished);
      await fakes.handler.onDeleted('ns/web', SIGNAL);
      expect(fakes.released).toEqual([id(1)]);
    },
  );

  it('gives the next Pod of the same name its own, as for a StatefulSet', async () => {
    await present(pod());
    await present(pod({ uid: 'u2' }));
    expect([fakes.released, fakes.requested]).toEqual([[id(1)], ['u1', 'u2']]);
  });

  it('gives it its own also where that of the Pod before can’t be released, which is tried again', async () => {
    await present(pod());
    fakes.releaseTrouble = new Error('port is in use');
    await expect(present(pod({ uid: 'u2' }))).rejects.toThrow('port is in use');
    expect([fakes.requested, fakes.annotated.at(-1)]).toEqual([['u1', 'u2'], stateOf(vif(2, true))]);
    fakes.releaseTrouble = undefined;
    await present(pod({ uid: 'u2' }));
    expect([fakes.released, fakes.requested]).toEqual([[id(1)], ['u1', 'u2']]);
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect(fakes.released).toEqual([id(1), id(2)]);
  });

  it('releases what every Pod of a name has had, where none is left of them', async () => {
    await present(pod());
    fakes.releaseTrouble = new Error('port is in use');
    await expect(present(pod({ uid: 'u2' }))).rejects.toThrow('port is in use');
    await expect(fakes.handler.onDeleted('ns/web', SIGNAL)).rejects.toThrow('port is in use');
    fakes.releaseTrouble = undefined;
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect(fakes.released).toEqual([id(1), id(2)]);
  });

  it('gives another VIF where somebody has deleted the port', async () => {
    fakes.activation = new VifGoneError('port is gone');
    await expect(present(pod({ annotation: textOf(vif(1, true)) }))).rejects.toThrow('port is gone');
    expect(fakes.annotated.at(-1)).toBeNull();
    fakes.activation = undefined;
    await present(pod());
    expect(fakes.annotated.at(-1)).toEqual(stateOf(vif(2, true)));
  });
});

describe('the annotation of a Pod, which whoever may make Pods can write', () => {
  const forged = { ...vif(9, true), address: 'fa:16:3e:ff:ff:ff' };

  beforeEach(() => {
    fakes = new Fakes();
  });

  it('is no claim to a VIF: copied from another Pod it goes at once, and the Pod gets its own', async () => {
    fakes.owned.set('victim', vif(9, true));
    await present(pod({ annotation: textOf(vif(9, true)) }));
    expect(fakes.annotated).toEqual([null, stateOf(vif(1)), stateOf(vif(1, true))]);
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect([fakes.released, [...fakes.owned.keys()]]).toEqual([[id(1)], ['victim']]);
  });

  it('goes before the Pod is scheduled, so that no daemon ever finds it', async () => {
    await present(pod({ annotation: textOf(forged), nodeName: '' }));
    expect([fakes.annotated, fakes.requested]).toEqual([[null], []]);
  });

  it('goes too where the Pod can’t have a VIF now', async () => {
    fakes.trouble = new Error('no');
    await expect(present(pod({ annotation: textOf(forged) }))).rejects.toThrow('no');
    expect(fakes.annotated).toEqual([null]);
  });

  it.each(['Pending', 'Running'])('is put right where the Pod is %s, after a restart too', async (phase) => {
    fakes.owned.set('u1', vif(5, true));
    for (const annotation of [textOf(forged), formatPayload(POD_STATE, twoVifs()), 'nonsense', undefined]) {
      await present(pod({ phase, ...(annotation !== undefined && { annotation }) }));
      expect(fakes.annotated.splice(0)).toEqual([stateOf(vif(5, true))]);
    }
    expect([fakes.requested, fakes.released]).toEqual([[], []]);
  });

  it('does not become inactive for a Pod that runs, whatever Neutron says of the port just now', async () => {
    fakes.owned.set('u1', vif(5));
    await present(pod({ phase: 'Running', annotation: textOf(vif(5, true)) }));
    expect(fakes.annotated).toEqual([]);
  });

  it('is left alone where the Pod runs on the network of somebody else', async () => {
    await present(pod({ phase: 'Running', annotation: textOf(forged) }));
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect([fakes.annotated, fakes.released]).toEqual([[], []]);
  });

  const twoVifs = (): PodState => ({ default_vif: vif(5, true), additional_vifs: { eth1: forged } });
});

/** Of `research: Kuryr`, what concerns Pods. */
describe('what was wrong with Kuryr’s handler of Pods', () => {
  beforeEach(() => {
    fakes = new Fakes();
  });

  it('Pods that vanished while the controller was down: what they had is found by the first list', async () => {
    fakes.pods = [
      pod({ phase: 'Running' }),
      pod({ name: 'new', uid: 'u2' }),
      pod({ name: 'done', uid: 'u3', phase: 'Succeeded' }),
      pod({ name: 'host', uid: 'u4', hostNetwork: true }),
    ];
    await present(pod({ phase: 'Running' }));
    expect(fakes.synced).toEqual([['u1', 'u2']]);
    await present(pod({ name: 'new', uid: 'u2' }));
    expect(fakes.synced).toHaveLength(1);
  });

  it('the same where no Pod is left at all, and again where Neutron was away', async () => {
    fakes.syncTrouble = new Error('Neutron is away');
    fakes.handler.synced();
    await new Promise(setImmediate);
    fakes.syncTrouble = undefined;
    await fakes.clock.advance(30_000);
    await new Promise(setImmediate);
    expect(fakes.synced).toEqual([[]]);
    await fakes.handler.stop();
  });

  it('what they have left goes only after that, and by the Pods that are there then', async () => {
    fakes.pods = [pod({ phase: 'Running' }), pod({ name: 'done', uid: 'u3', phase: 'Succeeded' })];
    fakes.handler.synced();
    await new Promise(setImmediate);
    expect([fakes.synced, fakes.leftovers]).toEqual([[['u1']], [['u1']]]);
    // What was heard of Pods before is not forgotten.
    fakes.owned.set('u1', vif(5, true));
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect(fakes.released).toEqual([id(5)]);
    await fakes.handler.stop();
  });

  it('no Pod gets a VIF before it is known who has which', async () => {
    fakes.syncTrouble = new Error('Neutron is away');
    await expect(present(pod())).rejects.toThrow('Neutron is away');
    expect(fakes.requested).toEqual([]);
    expect(fakes.events).toEqual([expect.objectContaining({ reason: 'NoVif', note: 'Neutron is away' })]);
    // It has one, or does not need one.
    await expect(present(pod({ phase: 'Running' }))).rejects.toThrow('Neutron is away');
    expect(fakes.events).toHaveLength(1);
  });

  it('a delete in a gap of the watch: a Pod that runs is released though it was never seen Pending', async () => {
    fakes.owned.set('u1', vif(5, true));
    await present(pod({ annotation: textOf(vif(5, true)), phase: 'Running' }));
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect(fakes.released).toEqual([id(5)]);
    expect(fakes.annotated).toEqual([]);
  });

  it('the same where all that is heard of the Pod is that it is gone', async () => {
    fakes.owned.set('u1', vif(5, true));
    fakes.pods = [pod({ phase: 'Running' })];
    await present(pod({ name: 'other', uid: 'u2' }));
    await fakes.handler.onDeleted('ns/web', SIGNAL);
    expect(fakes.released).toEqual([id(5)]);
  });

  it('one failing Pod marked the whole controller dead: here it is that Pod’s affair', async () => {
    fakes.trouble = new Error('boom');
    await expect(present(pod())).rejects.toThrow('boom');
    fakes.trouble = undefined;
    const other = pod({ name: 'other', uid: 'u2' });
    await present(other);
    expect(fakes.requested).toEqual(['u2']);
    expect(keyOf(other)).toBe('ns/other');
  });
});
