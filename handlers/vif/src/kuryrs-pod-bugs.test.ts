import { beforeEach, describe, expect, it } from '@jest/globals';
import { keyOf } from '@kuryr-l7/kube';
import { FakedPods, id, pod, textOf, vif } from './faked-pods.fixture.js';

let fakes: FakedPods;

describe('what was wrong with Kuryr’s handler of Pods', () => {
  beforeEach(() => {
    fakes = new FakedPods();
  });

  it('Pods that vanished while the controller was down: what they had is found by the first list', async () => {
    fakes.pods = [
      pod({ phase: 'Running' }),
      pod({ name: 'new', uid: 'u2' }),
      pod({ name: 'done', uid: 'u3', phase: 'Succeeded' }),
      pod({ name: 'host', uid: 'u4', hostNetwork: true }),
    ];
    await fakes.present(pod({ phase: 'Running' }));
    expect(fakes.synced).toEqual([['u1', 'u2']]);
    await fakes.present(pod({ name: 'new', uid: 'u2' }));
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
    await fakes.deleted('ns/web');
    expect(fakes.released).toEqual([id(5)]);
    await fakes.handler.stop();
  });

  it('no Pod gets a VIF before it is known who has which', async () => {
    fakes.syncTrouble = new Error('Neutron is away');
    await expect(fakes.present(pod())).rejects.toThrow('Neutron is away');
    expect(fakes.requested).toEqual([]);
    expect(fakes.events).toEqual([expect.objectContaining({ reason: 'NoVif', note: 'Neutron is away' })]);
    // It has one, or does not need one.
    await expect(fakes.present(pod({ phase: 'Running' }))).rejects.toThrow('Neutron is away');
    expect(fakes.events).toHaveLength(1);
  });

  it('a delete in a gap of the watch: a Pod that runs is released though it was never seen Pending', async () => {
    fakes.owned.set('u1', vif(5, true));
    await fakes.present(pod({ annotation: textOf(vif(5, true)), phase: 'Running' }));
    await fakes.deleted('ns/web');
    expect(fakes.released).toEqual([id(5)]);
    expect(fakes.annotated).toEqual([]);
  });

  it('the same where all that is heard of the Pod is that it is gone', async () => {
    fakes.owned.set('u1', vif(5, true));
    fakes.pods = [pod({ phase: 'Running' })];
    await fakes.present(pod({ name: 'other', uid: 'u2' }));
    await fakes.deleted('ns/web');
    expect(fakes.released).toEqual([id(5)]);
  });

  it('one failing Pod marked the whole controller dead: here it is that Pod’s affair', async () => {
    fakes.trouble = new Error('boom');
    await expect(fakes.present(pod())).rejects.toThrow('boom');
    fakes.trouble = undefined;
    const other = pod({ name: 'other', uid: 'u2' });
    await fakes.present(other);
    expect(fakes.requested).toEqual(['u2']);
    expect(keyOf(other)).toBe('ns/other');
  });
});
