import { describe, expect, it } from '@jest/globals';
import { type Failure, PODS, type ResourceKind, SERVICES } from '@kuryr-l7/kube';
import type { Handler } from '@kuryr-l7/plugin';
import { failingObjects } from './failing-objects.js';

const NOON = Date.parse('2026-01-01T12:00:00Z');

const pipeline = (name: string, kind: ResourceKind, failing: readonly Failure[]) => ({
  handler: { name, kind } as Handler,
  failing,
});

describe('objects that handlers fail with', () => {
  it('are told with handler, kind and time, those that fail for longest first', () => {
    const lb = pipeline('lb', SERVICES, [
      { key: 'shop/web', since: NOON + 2_000, reason: 'no quota' },
      { key: 'shop/till', since: NOON, reason: 'no subnet' },
    ]);
    const vif = pipeline('vif', PODS, [{ key: 'shop/web-0', since: NOON + 1_000, reason: 'no free address' }]);
    expect(failingObjects([lb, vif])).toEqual([
      { handler: 'lb', object: 'Service shop/till', since: '2026-01-01T12:00:00.000Z', reason: 'no subnet' },
      { handler: 'vif', object: 'Pod shop/web-0', since: '2026-01-01T12:00:01.000Z', reason: 'no free address' },
      { handler: 'lb', object: 'Service shop/web', since: '2026-01-01T12:00:02.000Z', reason: 'no quota' },
    ]);
  });
});
