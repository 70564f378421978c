import { beforeEach, describe, expect, it } from '@jest/globals';
import { formatPayload, POD_STATE, type PodState } from '@kuryr-l7/kuryr-objects';
import { FakedPods, id, pod, stateOf, textOf, vif } from './faked-pods.fixture.js';

let fakes: FakedPods;

describe('the annotation of a Pod, which whoever may make Pods can write', () => {
  const forged = { ...vif(9, true), address: 'fa:16:3e:ff:ff:ff' };

  beforeEach(() => {
    fakes = new FakedPods();
  });

  it('is no claim to a VIF: copied from another Pod it goes at once, and the Pod gets its own', async () => {
    fakes.owned.set('victim', vif(9, true));
    await fakes.present(pod({ annotation: textOf(vif(9, true)) }));
    expect(fakes.annotated).toEqual([null, stateOf(vif(1)), stateOf(vif(1, true))]);
    await fakes.deleted('ns/web');
    expect([fakes.released, [...fakes.owned.keys()]]).toEqual([[id(1)], ['victim']]);
  });

  it('goes before the Pod is scheduled, so that no daemon ever finds it', async () => {
    await fakes.present(pod({ annotation: textOf(forged), nodeName: '' }));
    expect([fakes.annotated, fakes.requested]).toEqual([[null], []]);
  });

  it('goes too where the Pod can’t have a VIF now', async () => {
    fakes.trouble = new Error('no');
    await expect(fakes.present(pod({ annotation: textOf(forged) }))).rejects.toThrow('no');
    expect(fakes.annotated).toEqual([null]);
  });

  it.each(['Pending', 'Running'])('is put right where the Pod is %s, after a restart too', async (phase) => {
    fakes.owned.set('u1', vif(5, true));
    for (const annotation of [textOf(forged), formatPayload(POD_STATE, twoVifs()), 'nonsense', undefined]) {
      await fakes.present(pod({ phase, ...(annotation !== undefined && { annotation }) }));
      expect(fakes.annotated.splice(0)).toEqual([stateOf(vif(5, true))]);
    }
    expect([fakes.requested, fakes.released]).toEqual([[], []]);
  });

  it('does not become inactive for a Pod that runs, whatever Neutron says of the port just now', async () => {
    fakes.owned.set('u1', vif(5));
    await fakes.present(pod({ phase: 'Running', annotation: textOf(vif(5, true)) }));
    expect(fakes.annotated).toEqual([]);
  });

  it('is left alone where the Pod runs on the network of somebody else', async () => {
    await fakes.present(pod({ phase: 'Running', annotation: textOf(forged) }));
    await fakes.deleted('ns/web');
    expect([fakes.annotated, fakes.released]).toEqual([[], []]);
  });

  const twoVifs = (): PodState => ({ default_vif: vif(5, true), additional_vifs: { eth1: forged } });
});
