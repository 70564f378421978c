import { beforeEach, describe, expect, it } from '@jest/globals';
import { NotReadyError, VifGoneError } from '@kuryr-l7/plugin';
import { PATIENCE } from './activation-pace.js';
import { FakedPods, id, pod, stateOf, textOf, vif } from './faked-pods.fixture.js';

let fakes: FakedPods;

describe('the handler vif', () => {
  beforeEach(() => {
    fakes = new FakedPods();
  });

  it('gives a scheduled Pod a VIF, for the CNI daemon to plug in, and says when it is active', async () => {
    await fakes.present(pod());
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
    await fakes.present(pod(settings));
    expect(fakes.requested).toEqual([]);
  });

  it('waits for the network without failing and without asking all the time', async () => {
    fakes.activation = new NotReadyError('port is DOWN');
    await fakes.present(pod());
    expect(fakes.annotated).toEqual([stateOf(vif(1))]);
    const looks: number[] = [];
    while (fakes.clock.now() < 60_000) {
      await fakes.clock.advance(50);
      if (fakes.enqueued.splice(0).length > 0) {
        looks.push(fakes.clock.now());
        await fakes.present(pod());
      }
    }
    expect(looks[0]).toBe(250);
    expect(looks.length).toBeLessThan(25);
    fakes.activation = undefined;
    await fakes.present(pod());
    expect(fakes.annotated.at(-1)).toEqual(stateOf(vif(1, true)));
    await fakes.clock.advance(600_000);
    expect(fakes.enqueued).toEqual([]);
  });

  it('tells on the Pod, once, that its VIF does not become active', async () => {
    fakes.activation = new NotReadyError('port p is DOWN');
    await fakes.present(pod());
    await fakes.clock.advance(PATIENCE + 7_000);
    await fakes.present(pod());
    await fakes.present(pod());
    expect(fakes.events).toEqual([
      expect.objectContaining({
        type: 'Warning',
        reason: 'VifNotActive',
        note: 'port p is DOWN for more than 5 minutes: look for the CNI daemon and the agent of Neutron on node node-1',
      }),
    ]);
    expect(fakes.handler.failing()).toEqual([
      { key: 'ns/web', since: fakes.clock.wallTime() - fakes.clock.now(), reason: 'port p is DOWN' },
    ]);
    fakes.activation = undefined;
    await fakes.present(pod());
    expect(fakes.handler.failing()).toEqual([]);
  });

  it.each([
    ['ERR_OPENSTACK_QUOTA', 'PortQuotaExceeded'],
    ['ERR_OPENSTACK_ADDRESSES_EXHAUSTED', 'NoFreeAddress'],
    ['ERR_VIF_UNAVAILABLE', 'NoVif'],
  ])('tells on the Pod of %s as %s, and tries again with back-off', async (code, reason) => {
    fakes.trouble = Object.assign(new Error('why not'), { code });
    await expect(fakes.present(pod())).rejects.toThrow('why not');
    expect(fakes.events).toEqual([expect.objectContaining({ type: 'Warning', reason, note: 'why not' })]);
    fakes.trouble = undefined;
    await fakes.present(pod());
    expect(fakes.annotated.at(-1)).toEqual(stateOf(vif(1, true)));
  });

  it('does not trouble people with what is only not ready', async () => {
    fakes.trouble = new NotReadyError('its node is not known');
    await expect(fakes.present(pod())).rejects.toThrow('its node is not known');
    expect(fakes.events).toEqual([]);
  });

  it('releases the VIF of a Pod that is gone', async () => {
    await fakes.present(pod());
    await fakes.deleted('ns/web');
    await fakes.deleted('ns/web');
    expect(fakes.released).toEqual([id(1)]);
  });

  it('releases the VIF of a Pod that vanished while it was being made', async () => {
    fakes.isThere = false;
    await fakes.present(pod());
    expect(fakes.released).toEqual([id(1)]);
  });

  it.each(['Succeeded', 'Failed'])(
    'releases the VIF of a Pod that has %s, which may be kept for days',
    async (phase) => {
      await fakes.present(pod());
      const finished = pod({ phase, annotation: textOf(vif(1, true)) });
      await fakes.present(finished);
      expect([fakes.released, fakes.annotated.at(-1)]).toEqual([[id(1)], null]);
      // Heard of again, before the annotation is seen to be gone.
      await fakes.present(finished);
      await fakes.deleted('ns/web');
      expect(fakes.released).toEqual([id(1)]);
    },
  );

  it('gives the next Pod of the same name its own, as for a StatefulSet', async () => {
    await fakes.present(pod());
    await fakes.present(pod({ uid: 'u2' }));
    expect([fakes.released, fakes.requested]).toEqual([[id(1)], ['u1', 'u2']]);
  });

  it('gives it its own also where that of the Pod before can’t be released, which is tried again', async () => {
    await fakes.present(pod());
    fakes.releaseTrouble = new Error('port is in use');
    await expect(fakes.present(pod({ uid: 'u2' }))).rejects.toThrow('port is in use');
    expect([fakes.requested, fakes.annotated.at(-1)]).toEqual([['u1', 'u2'], stateOf(vif(2, true))]);
    fakes.releaseTrouble = undefined;
    await fakes.present(pod({ uid: 'u2' }));
    expect([fakes.released, fakes.requested]).toEqual([[id(1)], ['u1', 'u2']]);
    await fakes.deleted('ns/web');
    expect(fakes.released).toEqual([id(1), id(2)]);
  });

  it('releases what every Pod of a name has had, where none is left of them', async () => {
    await fakes.present(pod());
    fakes.releaseTrouble = new Error('port is in use');
    await expect(fakes.present(pod({ uid: 'u2' }))).rejects.toThrow('port is in use');
    await expect(fakes.deleted('ns/web')).rejects.toThrow('port is in use');
    fakes.releaseTrouble = undefined;
    await fakes.deleted('ns/web');
    expect(fakes.released).toEqual([id(1), id(2)]);
  });

  it('gives another VIF where somebody has deleted the port', async () => {
    fakes.activation = new VifGoneError('port is gone');
    await expect(fakes.present(pod({ annotation: textOf(vif(1, true)) }))).rejects.toThrow('port is gone');
    expect(fakes.annotated.at(-1)).toBeNull();
    fakes.activation = undefined;
    await fakes.present(pod());
    expect(fakes.annotated.at(-1)).toEqual(stateOf(vif(2, true)));
  });
});
