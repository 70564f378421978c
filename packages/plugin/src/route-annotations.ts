/**
 * The annotations by which Kuryr's Ingress and Service handlers speak, on the Service. They notify and inform; nothing
 * is ever read back from them as state.
 */

/** On a Service that Ingresses lead to: which (`LBaaSRouteNotifier`). */
export const ROUTE_NOTIFICATION_ANNOTATION = 'openstack.org/kuryr-lbaas-route-notif';
/** On a Service whose pools are filled: which pools (`LBaaSRouteState`). */
export const ROUTE_STATE_ANNOTATION = 'openstack.org/kuryr-lbaas-route-state';

/** More are not listed: all annotations of an object together have to stay below 256 KiB. */
const MOST_ROUTES = 100;

/**
 * `LBaaSRouteNotifier` 1.0 with one entry for each route, at most 100; `routeIds` are the uids of the objects that lead to
 * the Service.
 */
export function routeNotification(routeIds: readonly string[]): string {
  const routes = [...routeIds]
    .sort()
    .slice(0, MOST_ROUTES)
    .map((id) => versioned('LBaaSRouteNotifEntry', '1.0', { msg: 'RouteChanged', route_id: id }));
  return JSON.stringify(versioned('LBaaSRouteNotifier', '1.0', { routes }));
}

/**
 * `LBaaSRouteState` with the pool of the Service. Ours is 1.1: `pools` for a Service with several ports, and no members,
 * which would mean a write to the Service for each Pod that comes or goes.
 */
export function routeState(poolNames: readonly string[]): string {
  const pools = [...poolNames].sort().map((name) => versioned('LBaaSPool', '1.1', { name, protocol: 'HTTP' }));
  return JSON.stringify(versioned('LBaaSRouteState', '1.1', { pool: pools[0] ?? null, pools }));
}

/** The primitive form of oslo.versionedobjects, keys sorted as Kuryr writes them. */
function versioned(name: string, version: string, data: Readonly<Record<string, unknown>>): object {
  return {
    'versioned_object.data': data,
    'versioned_object.name': name,
    'versioned_object.namespace': 'kuryr_kubernetes',
    'versioned_object.version': version,
  };
}
