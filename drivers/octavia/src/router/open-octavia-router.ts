import { isIPv6 } from 'node:net';
import { type Clock, type Logger, SILENT_LOGGER, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import type { Cloud, PollingPace, Pool } from '@kuryr-l7/openstack';
import { routerAddress } from '../address/router-addresses.js';
import { octaviaCapabilities } from '../capabilities.js';
import { asRouterError } from '../cloud-errors.js';
import { difference } from '../listeners/difference.js';
import {
  asRouterListener,
  enableListener,
  ensureListener,
  findListener,
  type ListenerContext,
} from '../listeners/open-listeners.js';
import { titleOf } from '../load-balancer/describe-load-balancer.js';
import { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import { openLoadBalancer } from '../load-balancer/open-load-balancer.js';
import { Ownership } from '../ownership/ownership.js';
import { type OctaviaSettings, type PoolSettings, poolFields } from '../settings.js';
import { NOT_FOUND_POOL_NAME } from '../snapshot/observe.js';
import type { RouterListener } from '../snapshot/router-reading.js';
import { CertificateSecrets } from '../tls/certificate-secrets.js';
import { CertificateKeeper, type ListenerCertificates } from '../tls/listener-certificates.js';
import { SecretGuard } from '../tls/secret-guard.js';
import { checkCapabilities } from './check-capabilities.js';
import { notFoundPool } from './not-found-pool.js';
import { OctaviaRouter } from './octavia-router.js';

export interface OpenOptions {
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** How often is asked whether a change is in effect. */
  readonly pace?: PollingPace;
  /** Of the TERMINATED_HTTPS listener, which is made for them. */
  readonly certificates?: ListenerCertificates;
}

/**
 * Opens and checks the preconfigured load balancer, and makes the listeners that it lacks. The router owns the cloud from
 * then on and closes it with itself.
 *
 * @throws ConfigurationError, RouterUnavailableError, TemporaryRouterError
 */
export async function openOctaviaRouter(
  cloud: Cloud,
  settings: OctaviaSettings,
  signal: AbortSignal,
  options: OpenOptions = {},
): Promise<OctaviaRouter> {
  const { logger = SILENT_LOGGER, clock = SYSTEM_CLOCK } = options;
  const { octavia, barbican, neutron } = cloud;
  const ownership = new Ownership(settings.clusterId);
  const { id } = await openLoadBalancer(cloud, settings.loadBalancerId, signal);
  checkCapabilities(await translated(octavia.capabilities({ signal }), 'ask for the versions of Octavia'), settings);
  const loadBalancer = new LockedLoadBalancer({
    octavia,
    id,
    clock,
    logger,
    pendingTimeout: settings.pendingTimeout,
    ownership,
    ...(options.pace !== undefined && { pace: options.pace }),
  });
  const router = await loadBalancer.whenActive(signal);
  const secrets = new CertificateSecrets(barbican, ownership.marks, id, logger);
  const certificates = new CertificateKeeper(octavia, secrets);
  const guard = new SecretGuard({ octavia, barbican, loadBalancer, ownership, certificates, logger });
  loadBalancer.beforeWrite = (writeSignal) => guard.check(writeSignal);

  const here = { loadbalancer_id: id };
  const doing = `read ${titleOf(router)}`;
  const pools = await translated(octavia.pools.list(here, { signal }), doing);
  guard.remember(await translated(octavia.listeners.list(here, { signal }), doing), pools);
  const notFound = notFoundPool(settings.notFoundPool, pools, titleOf(router));
  const listenerContext = { octavia, loadBalancer, router, ownership, settings: settings.listener, logger };
  const listeners = await openListeners(listenerContext, settings, notFound?.id, signal);
  await bringPoolsToSettings(listenerContext, pools, settings.pool, signal);
  const address = await routerAddress(
    neutron,
    router,
    { network: settings.floatingNetwork, clusterTag: ownership.clusterTag, logger },
    signal,
  );
  const opened = new OctaviaRouter({
    cloud,
    settings,
    loadBalancer,
    ownership,
    listenerContext,
    certificates,
    guard,
    logger,
    clock,
    description: {
      id,
      name: router.name,
      addresses: [{ ip: address }],
      addressFamily: isIPv6(router.vip_address) ? 'IPv6' : 'IPv4',
    },
    listeners,
    capabilities: octaviaCapabilities(notFound && NOT_FOUND_POOL_NAME, settings.pool),
    ...(notFound !== undefined && { notFoundPool: notFound.id }),
  });
  if (options.certificates !== undefined) await opened.setCertificates(options.certificates, signal);
  return opened;
}

/** HTTP is made where it is not there; TERMINATED_HTTPS is taken where it is there, and made when certificates come. */
async function openListeners(
  context: ListenerContext,
  settings: OctaviaSettings,
  notFoundPoolId: string | undefined,
  signal: AbortSignal,
): Promise<readonly RouterListener[]> {
  const fields = notFoundPoolId === undefined ? {} : { default_pool_id: notFoundPoolId };
  const http = await ensureListener(context, { protocol: 'HTTP', port: settings.httpPort, fields }, signal);
  const wanted = { protocol: 'TERMINATED_HTTPS', port: settings.httpsPort } as const;
  const https = await findListener(context, wanted, signal);
  if (https !== undefined && context.ownership.isOurs(https)) await enableListener(context, https, signal);
  return https === undefined ? [http] : [http, asRouterListener(wanted, https.id)];
}

/** Pools that were made with other settings in kuryr.conf. One write for each that differs; none otherwise. */
async function bringPoolsToSettings(
  { octavia, loadBalancer, ownership, logger }: ListenerContext,
  pools: readonly Pool[],
  settings: PoolSettings,
  signal: AbortSignal,
): Promise<void> {
  const wanted = { session_persistence: null, tls_enabled: false, ...poolFields(settings) };
  for (const pool of pools) {
    const isSound = pool.provisioning_status === 'ACTIVE' && pool.protocol === settings.protocol;
    const changed = ownership.isOurs(pool) && isSound ? difference(pool, wanted) : {};
    if (Object.keys(changed).length === 0) continue;
    const send = () => octavia.pools.update(pool.id, changed);
    await loadBalancer.write({ verb: 'update', kind: 'pool', name: pool.name, send }, signal);
    await loadBalancer.settled(`pool ${pool.name}`, () => octavia.pools.get(pool.id), signal);
    logger.info(`update pool ${pool.name}: ${Object.keys(changed).join(', ')}`, { pool: pool.id });
  }
}

async function translated<T>(asked: Promise<T>, doing: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw asRouterError(error, doing);
  }
}
