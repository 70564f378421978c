import type { Logger } from '@kuryr-l7/kube';
import {
  ConflictError,
  type Listener,
  type ListenerCreate,
  type ListenerUpdate,
  type LoadBalancer,
  type OctaviaClient,
} from '@kuryr-l7/openstack';
import { RouterUnavailableError } from '@kuryr-l7/plugin';
import type { ListenerProtocol } from '@kuryr-l7/router';
import { asRouterError } from '../cloud-errors.js';
import { titleOf } from '../load-balancer/describe-load-balancer.js';
import type { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import type { Ownership } from '../ownership/ownership.js';
import { type ListenerSettings, listenerFields } from '../settings.js';
import type { RouterListener } from '../snapshot/router-reading.js';
import { difference } from './difference.js';

/** Where listeners are looked for and made. */
export interface ListenerContext {
  readonly octavia: OctaviaClient;
  readonly loadBalancer: LockedLoadBalancer;
  readonly router: LoadBalancer;
  readonly ownership: Ownership;
  readonly settings: ListenerSettings;
  /** Told of each write. */
  readonly logger: Logger;
}

/** A listener of the router, as it is to be. */
export interface WantedListener {
  readonly protocol: ListenerProtocol;
  readonly port: number;
  /** Certificates, default pool. */
  readonly fields?: ListenerUpdate;
}

/**
 * The listener on a port: an administrator's as it is, ours brought to the settings, or a new one of ours.
 *
 * @throws RouterUnavailableError when something else listens there or the listener can carry no policies
 */
export async function ensureListener(
  context: ListenerContext,
  wanted: WantedListener,
  signal: AbortSignal,
): Promise<RouterListener> {
  const there = await findListener(context, wanted, signal);
  const fields = { ...listenerFields(context.settings, wanted.protocol), ...wanted.fields };
  if (there === undefined) return createListener(context, wanted, fields, signal);
  if (context.ownership.isOurs(there)) await bringToSettings(context, there, fields, signal);
  else refuseBroken(there);
  return asRouterListener(wanted, there.id);
}

/**
 * The listener on the port that can carry policies; undefined where the port is free.
 *
 * @throws RouterUnavailableError
 */
export async function findListener(
  { octavia, router }: ListenerContext,
  { protocol, port }: Pick<WantedListener, 'protocol' | 'port'>,
  signal: AbortSignal,
): Promise<Listener | undefined> {
  const all = await octavia.listeners
    .list({ loadbalancer_id: router.id }, { signal })
    .catch((error: unknown) => Promise.reject(asRouterError(error, `list the listeners of ${titleOf(router)}`)));
  const there = all.filter(({ protocol_port }) => protocol_port === port);
  const other = there.find((listener) => listener.protocol !== protocol && isTcp(listener));
  if (other !== undefined) {
    throw new RouterUnavailableError(
      `port ${port} of ${titleOf(router)} is taken by listener ${other.name} (${other.id}) of protocol ${other.protocol}, which can't carry L7 policies of a listener of ${protocol}: delete it, or name another port in [octavia]`,
    );
  }
  return there.find((listener) => listener.protocol === protocol);
}

export function asRouterListener({ protocol, port }: WantedListener, id: string): RouterListener {
  return { key: `${protocol}:${port}`, protocol, port, id };
}

async function createListener(
  context: ListenerContext,
  wanted: WantedListener,
  fields: ListenerUpdate,
  signal: AbortSignal,
): Promise<RouterListener> {
  const { octavia, loadBalancer, router, ownership, logger } = context;
  const { protocol, port } = wanted;
  const name = `${protocol}:${port}`;
  const request: ListenerCreate = {
    ...fields,
    loadbalancer_id: router.id,
    protocol,
    protocol_port: port,
    name: `kuryr-l7-${protocol.toLowerCase()}-${port}`,
    tags: [ownership.clusterTag],
  };
  const find = () => findListener(context, wanted, signal);
  const send = async (): Promise<Listener> => {
    try {
      return await octavia.listeners.create(request);
    } catch (error) {
      // Another cluster was faster.
      const found = error instanceof ConflictError ? await find() : undefined;
      if (found === undefined) throw error;
      return found;
    }
  };
  const { id } = await loadBalancer.write({ verb: 'create', kind: 'listener', name, send, find }, signal);
  await loadBalancer.settled(`listener ${name}`, () => octavia.listeners.get(id), signal);
  logger.info(`create listener ${name}`, { listener: id, router: router.id });
  return asRouterListener(wanted, id);
}

/** Brings back one of ours that somebody has disabled, and leaves the rest of it as it is. */
export async function enableListener(context: ListenerContext, listener: Listener, signal: AbortSignal): Promise<void> {
  if (!listener.admin_state_up) await bringToSettings(context, listener, {}, signal);
}

/** One PUT with all that differs; none where nothing does. It also takes a listener out of ERROR. */
async function bringToSettings(
  { octavia, loadBalancer, logger }: ListenerContext,
  listener: Listener,
  fields: ListenerUpdate,
  signal: AbortSignal,
): Promise<void> {
  const changed = difference(listener, { ...fields, admin_state_up: true });
  const isFailed = listener.provisioning_status === 'ERROR';
  if (Object.keys(changed).length === 0 && !isFailed) return;
  const name = `${listener.protocol}:${listener.protocol_port}`;
  const send = () => octavia.listeners.update(listener.id, { admin_state_up: true, ...changed });
  await loadBalancer.write({ verb: 'update', kind: 'listener', name, send }, signal);
  await loadBalancer.settled(`listener ${name}`, () => octavia.listeners.get(listener.id), signal);
  const what = Object.keys(changed).join(', ') || 'it was in ERROR';
  logger.info(`update listener ${name}: ${what}`, { listener: listener.id });
}

function refuseBroken({ name, id, protocol_port: port, provisioning_status, admin_state_up }: Listener): void {
  if (provisioning_status === 'ERROR') {
    throw new RouterUnavailableError(
      `listener ${name} (${id}) on port ${port} is in ERROR and not ours to heal: look whether its certificates are still in Barbican, set it once more (openstack loadbalancer listener set ${id} --name '${name}'), or delete it`,
    );
  }
  if (!admin_state_up) {
    throw new RouterUnavailableError(
      `listener ${name} (${id}) on port ${port} is disabled and not ours to enable: openstack loadbalancer listener set --enable ${id}`,
    );
  }
}

/** UDP and SCTP have ports of their own. */
function isTcp({ protocol }: Listener): boolean {
  return protocol !== 'UDP' && protocol !== 'SCTP';
}
