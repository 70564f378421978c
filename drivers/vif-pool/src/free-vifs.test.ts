import { describe, expect, it } from '@jest/globals';
import { type FreeVif, FreeVifs } from './free-vifs.js';

const vif = (id: string, more: Partial<FreeVif> = {}): FreeVif => ({
  id,
  node: 'node-1',
  projectId: 'p',
  networkId: 'n',
  subnetIds: ['s'],
  securityGroups: [],
  ...more,
});

function freeVifs(...vifs: readonly FreeVif[]): FreeVifs {
  const free = new FreeVifs();
  for (const one of vifs) free.add(one);
  return free;
}

const { id: _, ...wanted } = vif('');

describe('a VIF that nobody uses', () => {
  it('is given where it has the security groups already, before those that were there longer', () => {
    const free = freeVifs(vif('a', { securityGroups: ['x'] }), vif('b', { securityGroups: ['y', 'z'] }));
    const take = (...securityGroups: string[]) => free.take({ ...wanted, securityGroups })?.id;
    expect([take('z', 'y'), take('z'), take()]).toEqual(['b', 'a', undefined]);
  });

  it.each([
    ['on another node', { node: 'node-2' }],
    ['in another project', { projectId: 'p2' }],
    ['in another network', { networkId: 'n2' }],
    ['in another subnet', { subnetIds: ['s2'] }],
  ])('is not given to a Pod %s, and does not count for it', (_name, elsewhere) => {
    const free = freeVifs(vif('a', elsewhere));
    expect([free.count(wanted), free.take(wanted)]).toEqual([0, undefined]);
    expect([free.count({ ...wanted, ...elsewhere }), free.all.length]).toEqual([1, 1]);
  });

  it('is given where it has addresses in more subnets than the Pod needs, and not where it has some of them only', () => {
    const both = { ...wanted, subnetIds: ['s', 's6'] };
    const free = freeVifs(vif('a'), vif('b', { subnetIds: ['s6', 's'] }));
    expect([free.count(wanted), free.count(both)]).toEqual([2, 1]);
    expect([free.take(both)?.id, free.take(both), free.take(wanted)?.id]).toEqual(['b', undefined, 'a']);
  });
});
