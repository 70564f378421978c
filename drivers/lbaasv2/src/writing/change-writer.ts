import { type Cloud, ifThere, type ListenerCreate } from '@kuryr-l7/openstack';
import { type Change, describeChange, type Listener, type LoadBalancer } from '@kuryr-l7/service-load-balancer';
import { LoadBalancerNotReadyError, LoadBalancerRefusedError } from '../errors.js';
import type { LoadBalancerReading } from '../reading/load-balancer-reading.js';
import type { ServiceOwnership } from '../service-ownership.js';
import type { LoadBalancerLock } from './load-balancer-lock.js';
import { requireMemberSubnet } from './member-subnet.js';
import {
  childName,
  listenerFields,
  listenerIdentity,
  memberFields,
  monitorFields,
  poolFields,
  poolIdentity,
} from './octavia-fields.js';

/** A change to something below a load balancer. */
export type ChildChange = Exclude<Change, { readonly type: 'createLoadBalancer' | 'deleteLoadBalancer' }>;

type Trial = Extract<Change, { readonly type: 'tryListener' }>;

/** Makes the changes of a plan below one load balancer, one after the other. */
export class ChangeWriter {
  /** Ids of the pools of the plan. */
  readonly #pools: Map<string, string>;
  readonly #loadBalancerId: string;
  /** Of all listeners that there are, or are to be. */
  readonly #ports: ReadonlySet<number>;

  constructor(
    private readonly cloud: Cloud,
    private readonly lock: LoadBalancerLock,
    private readonly ownership: ServiceOwnership,
    private readonly wanted: LoadBalancer,
    { loadBalancer, listeners, pools }: LoadBalancerReading,
  ) {
    this.#loadBalancerId = loadBalancer.id;
    this.#ports = new Set([
      ...listeners.map(({ protocol_port }) => protocol_port),
      ...wanted.listeners.map(({ port }) => port),
    ]);
    const inUse = new Set(listeners.map(({ default_pool_id }) => default_pool_id));
    const known = pools.flatMap(({ pool }): readonly (readonly [string, string])[] => {
      const key = ownership.keyOf(pool);
      return key === undefined ? [] : [[key, pool.id]];
    });
    // Of two with one key the planner means the one that a listener leads to, or else the first.
    this.#pools = new Map([...known.toReversed(), ...known.filter(([, id]) => inUse.has(id))]);
  }

  async write(change: ChildChange, signal: AbortSignal): Promise<void> {
    if (change.type === 'tryListener') return this.#try(change, signal);
    if (change.type === 'setMembers' && change.movesTo !== undefined) {
      await requireMemberSubnet(this.cloud, change.movesTo, signal);
    }
    const doing = `${describeChange(change)} of ${this.wanted.name}`;
    await this.lock.write(this.#loadBalancerId, doing, () => this.#send(change), signal);
  }

  /**
   * Octavia has one listener at a port, so this one is made at another, switched off, and deleted again. Where it is left, as
   * by a kill, its key says that it stands for no port of the Service. One that can't be made is in ERROR, and the load
   * balancer ACTIVE.
   */
  async #try(change: Trial, signal: AbortSignal): Promise<void> {
    const { octavia } = this.cloud;
    const trial = { ...change.listener, key: `trial:${change.listener.key}`, port: this.#freePort() };
    const doing = `${describeChange(change)} of ${this.wanted.name}`;
    let id = '';
    const make = async () => {
      const created = await octavia.listeners.create({ ...this.#listener(trial, change.pool), admin_state_up: false });
      ({ id } = created);
    };
    await this.lock.write(this.#loadBalancerId, doing, make, signal);
    let status = '';
    const remove = () =>
      ifThere(async () => {
        ({ provisioning_status: status } = await octavia.listeners.get(id, { signal }));
        await octavia.listeners.delete(id);
      });
    await this.lock.write(this.#loadBalancerId, doing, remove, signal);
    if (status !== 'ERROR') return;
    throw new LoadBalancerRefusedError(
      `${doing}: it is in ERROR after it was made: the reason is in the log of octavia-worker; the listener that has the port stays`,
    );
  }

  #freePort(): number {
    let port = 65_535;
    while (this.#ports.has(port)) port -= 1;
    return port;
  }

  #listener(listener: Listener, pool: string): ListenerCreate {
    return {
      ...listenerFields(listener, this.ownership, 'create'),
      ...listenerIdentity(this.wanted, listener),
      loadbalancer_id: this.#loadBalancerId,
      default_pool_id: this.#pool(pool),
    };
  }

  async #send(change: Exclude<ChildChange, Trial>): Promise<void> {
    const { octavia } = this.cloud;
    const { wanted, ownership } = this;
    const loadbalancer_id = this.#loadBalancerId;
    switch (change.type) {
      case 'createPool': {
        const { pool: key, settings } = change;
        const identity = poolIdentity(wanted, key, settings);
        const fields = poolFields(key, settings, ownership, 'create');
        const created = await octavia.pools.create({ ...fields, ...identity, loadbalancer_id });
        this.#pools.set(key, created.id);
        return;
      }
      case 'updatePool':
        await octavia.pools.update(
          this.#pool(change.pool),
          poolFields(change.pool, change.settings, ownership, 'update'),
        );
        return;
      case 'deletePool':
        return ifThere(() => octavia.pools.delete(change.id));
      case 'setMembers': {
        const members = change.members.map((member) => memberFields(member, ownership));
        return octavia.members.replace(this.#pool(change.pool), members);
      }
      case 'createHealthMonitor':
        await octavia.healthMonitors.create({
          ...monitorFields(change.monitor, ownership),
          name: childName(wanted, change.pool),
          pool_id: this.#pool(change.pool),
        });
        return;
      case 'updateHealthMonitor': {
        const { type: _, ...fields } = monitorFields(change.monitor, ownership);
        await octavia.healthMonitors.update(change.id, fields);
        return;
      }
      case 'deleteHealthMonitor':
        return ifThere(() => octavia.healthMonitors.delete(change.id));
      case 'createListener':
        await octavia.listeners.create(this.#listener(change.listener, change.pool));
        return;
      case 'updateListener':
        await octavia.listeners.update(change.id, {
          ...listenerFields(change.listener, ownership, 'update'),
          default_pool_id: this.#pool(change.pool),
        });
        return;
      case 'deleteListener':
        return ifThere(() => octavia.listeners.delete(change.id));
    }
  }

  #pool(key: string): string {
    const id = this.#pools.get(key);
    if (id !== undefined) return id;
    throw new LoadBalancerNotReadyError(`pool ${key} of ${this.wanted.name} is gone meanwhile; it is read anew`);
  }
}
