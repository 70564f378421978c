import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fenceposts, type Generation, nextStep, type Rollout } from './rollout.js';

const generation = (name: string, replicas: number, available = replicas): Generation => ({
  name,
  replicas,
  available,
  pods: replicas,
});

const rollout = (changes: Partial<Rollout>): Rollout => ({
  replicas: 3,
  strategy: 'RollingUpdate',
  maxSurge: 1,
  maxUnavailable: 0,
  paused: false,
  current: generation('new', 0),
  old: [generation('old', 3)],
  ...changes,
});

describe('fenceposts', () => {
  it('rounds the surge up and the unavailable down', () => {
    expect(fenceposts({ maxSurge: '25%', maxUnavailable: '25%' }, 3)).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(fenceposts(undefined, 10)).toEqual({ maxSurge: 3, maxUnavailable: 2 });
  });

  it('lets one Pod be unavailable where nothing else could move', () => {
    expect(fenceposts({ maxSurge: 0, maxUnavailable: '10%' }, 3)).toEqual({ maxSurge: 0, maxUnavailable: 1 });
  });
});

describe('nextStep', () => {
  it('brings a new Pod before it takes an old one', () => {
    expect(nextStep(rollout({}))).toEqual(new Map([['new', 1]]));
    expect(nextStep(rollout({ current: generation('new', 1, 0) }))).toEqual(new Map());
    expect(nextStep(rollout({ current: generation('new', 1) }))).toEqual(new Map([['old', 2]]));
  });

  it('takes Pods that serve nobody first', () => {
    const old = [generation('broken', 1, 0), generation('old', 2)];
    expect(nextStep(rollout({ current: generation('new', 1), old }))).toEqual(new Map([['broken', 0]]));
  });

  it('ends all old Pods before the first new one when it recreates', () => {
    const strategy = 'Recreate';
    expect(nextStep(rollout({ strategy }))).toEqual(new Map([['old', 0]]));
    const leaving = { ...generation('old', 0), pods: 1 };
    expect(nextStep(rollout({ strategy, old: [leaving] }))).toEqual(new Map());
    expect(nextStep(rollout({ strategy, old: [generation('old', 0)] }))).toEqual(new Map([['new', 3]]));
  });

  it('keeps the proportions when it is scaled while paused', () => {
    const paused = { paused: true, current: generation('new', 1), old: [generation('old', 3)] };
    expect(nextStep(rollout({ ...paused, replicas: 4 }))).toEqual(new Map());
    expect(nextStep(rollout({ ...paused, replicas: 8 }))).toEqual(
      new Map([
        ['old', 6],
        ['new', 2],
      ]),
    );
    expect(nextStep(rollout({ ...paused, replicas: 0 }))).toEqual(
      new Map([
        ['old', 0],
        ['new', 0],
      ]),
    );
  });

  it('reaches the wanted replicas from anywhere, and never leaves the bounds on its way', () => {
    const size = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.array(size, { maxLength: 3 }),
        size,
        (replicas, surge, unavailable, olds, begun) => {
          const bounds = fenceposts({ maxSurge: surge, maxUnavailable: unavailable }, replicas);
          let current = generation('new', begun);
          let old = olds.map((pods, index) => generation(`old-${index}`, pods));
          const pods = () => [current, ...old].reduce((sum, one) => sum + one.replicas, 0);
          const available = () =>
            [current, ...old].reduce((sum, one) => sum + Math.min(one.available, one.replicas), 0);
          for (let steps = 0; steps < 200; steps += 1) {
            const [podsBefore, availableBefore] = [pods(), available()];
            const step = nextStep({ ...bounds, replicas, strategy: 'RollingUpdate', paused: false, current, old });
            const stepped = (one: Generation) => ({ ...one, replicas: step.get(one.name) ?? one.replicas });
            current = stepped(current);
            old = old.map(stepped);
            expect(pods()).toBeLessThanOrEqual(Math.max(podsBefore, replicas + bounds.maxSurge));
            expect(available()).toBeGreaterThanOrEqual(Math.min(availableBefore, replicas - bounds.maxUnavailable));
            if (step.size === 0 && current.available === current.replicas) break;
            const settled = (one: Generation) => ({ ...one, available: one.replicas, pods: one.replicas });
            current = settled(current);
            old = old.map(settled);
          }
          expect(current.replicas).toBe(replicas);
          expect(old.every((one) => one.replicas === 0)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
