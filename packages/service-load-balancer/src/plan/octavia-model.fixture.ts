import type { Change } from '../change.js';
import type { LoadBalancer, Pool } from '../model.js';
import { poolKey } from '../model.js';
import type { ObservedHealthMonitor, ObservedListener, ObservedLoadBalancer, ObservedPool } from '../observed.js';
import { endpointOf } from './same.js';

type Mutable = { -readonly [K in keyof ObservedLoadBalancer]: ObservedLoadBalancer[K] };

/** What Octavia does with changes, with its refusals: an order that it would not take throws. */
export class OctaviaModel {
  loadBalancers: Mutable[];
  writes = 0;
  #ids = 0;

  constructor(loadBalancers: readonly ObservedLoadBalancer[] = []) {
    this.loadBalancers = loadBalancers.map((one) => ({ ...one }));
  }

  apply(change: Change): void {
    this.writes += 1;
    if (change.type === 'deleteLoadBalancer') {
      this.loadBalancers = this.loadBalancers.filter(({ id }) => id !== change.id);
      return;
    }
    if (change.type === 'createLoadBalancer') {
      this.loadBalancers.push(this.#made(change.loadBalancer));
      return;
    }
    const kept = this.loadBalancers.find(({ failed }) => !failed);
    if (kept === undefined) throw new Error(`no load balancer for ${change.type}`);
    this.#change(kept, change);
  }

  #change(there: Mutable, change: Exclude<Change, { type: 'createLoadBalancer' | 'deleteLoadBalancer' }>): void {
    const pool = (key: string, changed: (pool: ObservedPool) => Partial<ObservedPool>): void => {
      const index = there.pools.findLastIndex((one) => one.key === key);
      const found = there.pools[index];
      if (found === undefined) throw new Error(`no pool ${key}`);
      there.pools = there.pools.with(index, { ...found, ...changed(found) });
    };
    switch (change.type) {
      case 'createPool':
        there.pools = [...there.pools, this.#pool(change.pool, { ...change.settings, members: [] }, false)];
        return;
      case 'updatePool': {
        const { lbAlgorithm, sessionPersistence } = change.settings;
        pool(change.pool, ({ sessionPersistence: _, ...rest }) => ({
          ...rest,
          lbAlgorithm,
          ...(sessionPersistence !== undefined && { sessionPersistence }),
          failed: false,
        }));
        if (sessionPersistence === undefined) {
          there.pools = there.pools.map((one) => {
            if (one.key !== change.pool) return one;
            const { sessionPersistence: _, ...rest } = one;
            return rest;
          });
        }
        return;
      }
      case 'deletePool':
        if (there.listeners.some(({ poolId }) => poolId === change.id)) throw new Error('pool is in use');
        there.pools = there.pools.filter(({ id }) => id !== change.id);
        return;
      case 'setMembers':
        pool(change.pool, ({ members }) => ({
          members: change.members.map(({ subnetId, ...member }) => {
            const there = members.find((one) => endpointOf(one) === endpointOf(member));
            // The subnet of a member that stays is as it was.
            const subnet = there === undefined ? subnetId : there.subnetId;
            return { ...member, ...(subnet !== undefined && { subnetId: subnet }), failed: false };
          }),
        }));
        return;
      case 'createHealthMonitor':
        pool(change.pool, ({ healthMonitor }) => {
          if (healthMonitor !== undefined) throw new Error('the pool has a monitor');
          return { healthMonitor: this.#monitor(change.monitor) };
        });
        return;
      case 'updateHealthMonitor':
        pool(change.pool, ({ healthMonitor }) => {
          if (healthMonitor?.type !== change.monitor.type) throw new Error('type of a monitor');
          return { healthMonitor: { ...this.#monitor(change.monitor), id: change.id } };
        });
        return;
      case 'deleteHealthMonitor':
        there.pools = there.pools.map((one) => {
          if (one.healthMonitor?.id !== change.id) return one;
          const { healthMonitor: _, ...rest } = one;
          return rest;
        });
        return;
      case 'tryListener':
        this.#listener(there, change.listener, change.pool);
        return;
      case 'createListener':
        if (there.listeners.some(({ key }) => key === change.listener.key)) throw new Error('port is taken');
        there.listeners = [...there.listeners, this.#listener(there, change.listener, change.pool)];
        return;
      case 'updateListener':
        there.listeners = there.listeners.map((one) =>
          one.id === change.id ? { ...this.#listener(there, change.listener, change.pool), id: one.id } : one,
        );
        return;
      case 'deleteListener':
        there.listeners = there.listeners.filter(({ id }) => id !== change.id);
        return;
    }
  }

  #made(wanted: LoadBalancer): Mutable {
    const made: Mutable = {
      id: this.#id(),
      failed: false,
      vipAddress: wanted.vip.address ?? '10.3.0.1',
      listeners: [],
      pools: wanted.listeners.map((one) => this.#pool(poolKey(one), one.pool, true)),
    };
    made.listeners = wanted.listeners.map((one) => this.#listener(made, one, poolKey(one)));
    return made;
  }

  #listener(
    there: Mutable,
    { key, protocol, port, settings }: LoadBalancer['listeners'][number],
    pool: string,
  ): ObservedListener {
    const poolId = there.pools.findLast((one) => one.key === pool)?.id;
    if (poolId === undefined) throw new Error(`no pool ${pool}`);
    return { id: this.#id(), key, protocol, port, settings, poolId, failed: false };
  }

  #pool(key: string, { healthMonitor, members, ...settings }: Pool, whole: boolean): ObservedPool {
    return {
      id: this.#id(),
      key,
      ...settings,
      members: members.map((member) => ({ ...member, failed: false })),
      ...(whole && healthMonitor !== undefined && { healthMonitor: this.#monitor(healthMonitor) }),
      failed: false,
    };
  }

  #monitor(monitor: NonNullable<Pool['healthMonitor']>): ObservedHealthMonitor {
    return { ...monitor, id: this.#id(), foreign: false, failed: false };
  }

  #id(): string {
    this.#ids += 1;
    return `new-${this.#ids}`;
  }
}
