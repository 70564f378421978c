import { describe, expect, it } from '@jest/globals';
import { routeNotification, routeState } from './route-annotations.js';

describe('the annotations between the Ingress and the Service handler', () => {
  it('notify in the primitive form of oslo.versionedobjects, as Kuryr wrote it', () => {
    expect(JSON.parse(routeNotification(['b', 'a']))).toEqual({
      'versioned_object.data': {
        routes: ['a', 'b'].map((id) => ({
          'versioned_object.data': { msg: 'RouteChanged', route_id: id },
          'versioned_object.name': 'LBaaSRouteNotifEntry',
          'versioned_object.namespace': 'kuryr_kubernetes',
          'versioned_object.version': '1.0',
        })),
      },
      'versioned_object.name': 'LBaaSRouteNotifier',
      'versioned_object.namespace': 'kuryr_kubernetes',
      'versioned_object.version': '1.0',
    });
  });

  it('are the same text whatever the order of the routes, so that nothing is written twice', () => {
    expect(routeNotification(['a', 'b'])).toBe(routeNotification(['b', 'a']));
    expect(routeState(['x_b', 'x_a'])).toBe(routeState(['x_a', 'x_b']));
  });

  it('stay far below the limit of 256 KiB, however many Ingresses lead to one Service', () => {
    const ids = Array.from(
      { length: 5_000 },
      (_, index) => `11111111-2222-3333-4444-${String(index).padStart(12, '0')}`,
    );
    expect(routeNotification(ids).length).toBeLessThan(32_768);
  });

  it('name every pool of a Service with several ports, and the first as the pool of Kuryr 1.0 readers', () => {
    const state = JSON.parse(routeState(['ns_web_81', 'ns_web_80']));
    const data = state['versioned_object.data'];
    expect(data.pool['versioned_object.data'].name).toBe('ns_web_80');
    expect(data.pools.map((pool: Record<string, { name: string }>) => pool['versioned_object.data']?.name)).toEqual([
      'ns_web_80',
      'ns_web_81',
    ]);
  });
});
