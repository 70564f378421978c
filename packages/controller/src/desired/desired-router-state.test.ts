import { describe, expect, it, jest } from '@jest/globals';
import type { Compilation, PoolRequest } from '@kuryr-l7/router';
import { DesiredRouterState } from './desired-router-state.js';

const source = { kind: 'Ingress', namespace: 'ns', name: 'web' };
const request = (name: string): PoolRequest => ({
  name,
  service: 'ns/web',
  port: { number: 80 },
  lbAlgorithm: 'ROUND_ROBIN',
  source,
});
const compilation = (...pools: readonly PoolRequest[]): Compilation => ({ policies: [], pools, outcomes: new Map() });
const member = { address: '10.0.0.1', port: 80, weight: 1, backup: false };

describe('the desired state of the router', () => {
  it('says nothing of what is wanted before every object has been seen', () => {
    const state = new DesiredRouterState();
    state.addRoutes({ name: 'ingresslb', compile: () => compilation(request('ns_web')) });
    expect(state.wantedPools('ns/web')).toBeUndefined();
    state.start();
    expect(state.wantedPools('ns/web')).toHaveLength(1);
    expect(state.wantedPools('ns/other')).toEqual([]);
  });

  it('says that nothing is wanted when every object has been seen, for those who keep something from an earlier life', () => {
    const state = new DesiredRouterState();
    const told: (readonly string[])[] = [];
    state.onWanted((services) => told.push(services));
    state.addRoutes({ name: 'ingresslb', compile: () => compilation() });
    state.start();
    expect(told).toEqual([[]]);
  });

  it('compiles once for all the changes of one turn, and tells only the Services that it concerns', async () => {
    const state = new DesiredRouterState();
    let pools: readonly PoolRequest[] = [];
    const compile = jest.fn(() => compilation(...pools));
    state.addRoutes({ name: 'ingresslb', compile });
    state.start();
    const told: (readonly string[])[] = [];
    state.onWanted((services) => told.push(services));
    pools = [request('ns_web')];
    state.changed();
    state.changed();
    await new Promise(setImmediate);
    expect(compile).toHaveBeenCalledTimes(2);
    state.changed();
    await new Promise(setImmediate);
    expect(told).toEqual([['ns/web']]);
  });

  it('leaves a pool open until the handler that fills pools has answered for it, an empty answer too', () => {
    const state = new DesiredRouterState();
    state.fillsPools('lb');
    state.addRoutes({ name: 'ingresslb', compile: () => compilation(request('ns_web')) });
    state.start();
    expect(state.snapshot().pools[0]?.pool).toBeUndefined();
    state.setMembers('ns_web', []);
    expect(state.snapshot().pools[0]?.pool?.members).toEqual([]);
  });

  it('keeps pools empty where no handler fills them', () => {
    const state = new DesiredRouterState();
    state.addRoutes({ name: 'ingresslb', compile: () => compilation(request('ns_web')) });
    state.start();
    expect(state.snapshot().pools[0]?.pool?.members).toEqual([]);
  });

  it('refuses a second handler that fills pools', () => {
    const state = new DesiredRouterState();
    state.fillsPools('lb');
    expect(() => state.fillsPools('theirs')).toThrow('both lb and theirs fill pools');
  });

  it('survives a source and a listener that throw: the routes stay, the others are told', () => {
    const state = new DesiredRouterState();
    const told: string[] = [];
    state.addRoutes({
      name: 'bad',
      compile: () => {
        throw new Error('no');
      },
    });
    state.addRoutes({ name: 'ingresslb', compile: () => compilation(request('ns_web')) });
    state.onWanted(() => {
      throw new Error('no');
    });
    state.onWanted((services) => told.push(...services));
    state.start();
    expect(told).toEqual(['ns/web']);
    expect(state.snapshot().pools).toHaveLength(1);
  });

  it('does not wake the writer for members that are the same', () => {
    const state = new DesiredRouterState();
    state.addRoutes({ name: 'ingresslb', compile: () => compilation(request('ns_web')) });
    state.start();
    state.setMembers('ns_web', [member]);
    const revision = state.revision;
    state.setMembers('ns_web', [{ ...member }]);
    expect(state.revision).toBe(revision);
    state.setMembers('ns_web', [{ ...member, weight: 0 }]);
    expect(state.revision).toBe(revision + 1);
  });

  it('keeps the same pool object while nothing about it differs', () => {
    const state = new DesiredRouterState();
    const web = request('ns_web');
    const other = request('ns_other');
    state.addRoutes({ name: 'ingresslb', compile: () => compilation(other, web) });
    state.start();
    state.setMembers('ns_web', [member]);
    const before = state.snapshot().pools.find(({ request }) => request === web)?.pool;
    state.setMembers('ns_other', [member]);
    expect(state.snapshot().pools.find(({ request }) => request === web)?.pool).toBe(before);
  });
});
