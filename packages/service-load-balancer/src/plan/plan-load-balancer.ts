import type { Change } from '../change.js';
import { type Listener, type LoadBalancer, type Member, type Pool, poolKey } from '../model.js';
import type { ObservedListener, ObservedLoadBalancer, ObservedPool } from '../observed.js';
import { sameUuid } from '../same-uuid.js';
import { endpointOf, sameMember, sameMonitor, samePool, sameSettings } from './same.js';

/**
 * The writes, in their order, that make what Octavia has for a Service into what it should have: none where nothing
 * differs, one for a new load balancer. Each write locks the load balancer and reloads it, so a pool's members are one
 * write. Endpoints that are gone go first, then what must not be reached any more, then what replaces it; a pool is
 * filled before a listener leads to it, and deleted when none does; a listener of another protocol is tried before the one
 * whose port it takes goes. Foreign objects are in no change. One that is to have
 * another VIP goes last, when the one that has it is in effect: it may be an address that can't be had. Only one in ERROR
 * that has the address goes first.
 *
 * @param wanted undefined: nothing should be left
 * @param there load balancers of this cluster for the Service, oldest first
 */
export function planLoadBalancer(
  wanted: LoadBalancer | undefined,
  there: readonly ObservedLoadBalancer[],
): readonly Change[] {
  const kept = wanted === undefined ? undefined : there.find((one) => !one.failed && hasVip(one, wanted));
  const others = there.filter((one) => one !== kept);
  if (wanted === undefined) return others.map(deleteLoadBalancer);
  if (kept !== undefined) return [...others.map(deleteLoadBalancer), ...planChildren(wanted, kept)];
  return [
    ...others.filter((one) => hasVip(one, wanted)).map(deleteLoadBalancer),
    { type: 'createLoadBalancer', loadBalancer: withAddressOf(wanted, there) },
    ...others.filter((one) => !hasVip(one, wanted)).map(deleteLoadBalancer),
  ];
}

/**
 * The writes that give pools which are there the members of the ports that they are for, and change nothing else. Members
 * don't depend on the protocol of a pool, so each pool of a port gets them; they are reached by the subnet of those there,
 * and checked where those are, as the health monitor stays the same.
 */
export function planMembers(wanted: LoadBalancer, there: readonly ObservedLoadBalancer[]): readonly SetMembers[] {
  const kept = there.find(({ failed }) => !failed);
  return (kept?.pools ?? []).flatMap((pool) => {
    const { key } = pool;
    const listener = wanted.listeners.find((one) => key?.startsWith(`${one.key}/`));
    if (key === undefined || listener === undefined) return [];
    return membersChanges(key, listener.pool.members.map(reachedAs(pool)), pool).map(({ change }) => change);
  });
}

/** Gives members the subnet and the port to be checked at that they have, or else those of another one. */
function reachedAs({ members, healthMonitor }: ObservedPool): (member: Member) => Member {
  const there = new Map(members.map((member) => [endpointOf(member), member]));
  return (member) => {
    const { subnetId, monitorPort } = there.get(endpointOf(member)) ?? members[0] ?? member;
    const { subnetId: _, monitorPort: __, ...rest } = member;
    return {
      ...rest,
      ...(subnetId !== undefined && { subnetId }),
      // Some providers take a member with such a port only with a monitor.
      ...(healthMonitor !== undefined && monitorPort !== undefined && { monitorPort }),
    };
  };
}

/** One that is made anew gets the address that it had, unless it must have another. */
function withAddressOf(wanted: LoadBalancer, [before]: readonly ObservedLoadBalancer[]): LoadBalancer {
  if (before === undefined || wanted.vip.address !== undefined) return wanted;
  return { ...wanted, vip: { ...wanted.vip, preferredAddress: before.vipAddress } };
}

function hasVip({ vipAddress }: ObservedLoadBalancer, { vip }: LoadBalancer): boolean {
  return vip.address === undefined || sameAddress(vip.address, vipAddress);
}

function sameAddress(a: string, b: string): boolean {
  return endpointOf({ address: a, port: 0 }) === endpointOf({ address: b, port: 0 });
}

interface Pairing {
  readonly wanted: Listener;
  readonly key: string;
  readonly listener: ObservedListener | undefined;
  readonly pool: ObservedPool | undefined;
}

function planChildren({ listeners }: LoadBalancer, there: ObservedLoadBalancer): readonly Change[] {
  const pairings = listeners.map((wanted) => pair(wanted, there));
  const kept = new Set<unknown>(pairings.flatMap(({ listener, pool }) => [listener, pool]));
  const stale = there.listeners.filter((one) => one.key !== undefined && !kept.has(one));
  const inTheWay = (one: ObservedListener) => listeners.some(({ key }) => key === one.key);
  const members = pairings.flatMap(({ wanted, key, pool }) => membersChanges(key, wanted.pool.members, pool));
  return [
    ...members.filter(({ removes }) => removes).map(({ change }) => change),
    ...stale.filter((one) => !inTheWay(one)).map(deleteListener),
    ...pairings.filter(({ pool }) => pool !== undefined).flatMap(listenerUpdate),
    ...pairings.flatMap(poolUpdate),
    ...pairings.flatMap(monitorRemoval),
    ...pairings.flatMap(newPool),
    ...members.filter(({ removes }) => !removes).map(({ change }) => change),
    ...pairings.flatMap(monitorChange),
    ...pairings.filter(({ pool }) => pool === undefined).flatMap(listenerUpdate),
    ...pairings.filter(({ wanted }) => stale.some(({ key }) => key === wanted.key)).flatMap(trial),
    ...stale.filter(inTheWay).map(deleteListener),
    ...pairings.flatMap(newListener),
    ...there.pools.filter((one) => one.key !== undefined && !kept.has(one)).map(deletePool),
  ];
}

/** What stands for a wanted listener and its pool. Of pools with one key the one that the listener leads to. */
function pair(wanted: Listener, there: ObservedLoadBalancer): Pairing {
  const key = poolKey(wanted);
  const listener = there.listeners.find((one) => one.key === wanted.key && one.protocol === wanted.protocol);
  const pools = there.pools.filter((one) => one.key === key && one.protocol === wanted.pool.protocol);
  return { wanted, key, listener, pool: pools.find(({ id }) => id === listener?.poolId) ?? pools[0] };
}

const deleteLoadBalancer = ({ id }: ObservedLoadBalancer): Change => ({ type: 'deleteLoadBalancer', id });
const deleteListener = ({ id, key = '' }: ObservedListener): Change => ({ type: 'deleteListener', id, listener: key });
const deletePool = ({ id, key = '' }: ObservedPool): Change => ({ type: 'deletePool', id, pool: key });

function listenerUpdate({ wanted, key, listener, pool }: Pairing): readonly Change[] {
  if (listener === undefined) return [];
  const isRight = !listener.failed && pool !== undefined && listener.poolId === pool.id;
  if (isRight && sameSettings(wanted.settings, listener.settings)) return [];
  return [{ type: 'updateListener', id: listener.id, listener: wanted, pool: key }];
}

/** What serves is not deleted for a listener that Octavia may refuse. */
function trial({ wanted, key, listener }: Pairing): readonly Change[] {
  return listener === undefined ? [{ type: 'tryListener', listener: wanted, pool: key }] : [];
}

function newListener({ wanted, key, listener }: Pairing): readonly Change[] {
  return listener === undefined ? [{ type: 'createListener', listener: wanted, pool: key }] : [];
}

function newPool({ wanted, key, pool }: Pairing): readonly Change[] {
  return pool === undefined ? [{ type: 'createPool', pool: key, settings: wanted.pool }] : [];
}

function poolUpdate({ wanted, key, pool }: Pairing): readonly Change[] {
  if (pool === undefined || (!pool.failed && samePool(wanted.pool, pool))) return [];
  return [{ type: 'updatePool', pool: key, settings: wanted.pool }];
}

type SetMembers = Extract<Change, { readonly type: 'setMembers' }>;

interface MembersChange {
  readonly change: SetMembers;
  /** It takes endpoints away. */
  readonly removes: boolean;
}

/** Octavia changes no subnet of a member: one that needs another goes, and comes back by a second batch. */
function membersChanges(
  key: string,
  members: readonly Member[],
  pool: ObservedPool | undefined,
): readonly MembersChange[] {
  const set = (some: readonly Member[]): SetMembers => ({ type: 'setMembers', pool: key, members: some });
  if (pool === undefined) return members.length === 0 ? [] : [{ change: set(members), removes: false }];
  const there = new Map(pool.members.map((member) => [endpointOf(member), member]));
  const staying = members.filter((member) => {
    const one = there.get(endpointOf(member));
    return one === undefined || sameUuid(one.subnetId, member.subnetId);
  });
  if (staying.length < members.length) {
    const movesTo = members.find((member) => !staying.includes(member))?.subnetId;
    return [
      { change: { ...set(staying), ...(movesTo !== undefined && { movesTo }) }, removes: true },
      { change: set(members), removes: false },
    ];
  }
  const endpoints = new Set(members.map(endpointOf));
  const removes = pool.members.some((one) => !endpoints.has(endpointOf(one)));
  return removes || !areMembers(members, pool) ? [{ change: set(members), removes }] : [];
}

function areMembers(wanted: readonly Member[], { members }: ObservedPool): boolean {
  const byEndpoint = new Map(members.map((member) => [endpointOf(member), member]));
  return (
    wanted.length === members.length &&
    wanted.every((member) => {
      const there = byEndpoint.get(endpointOf(member));
      return there !== undefined && !there.failed && sameMember(member, there);
    })
  );
}

/** One of another type is in the way: Octavia changes no type. */
function monitorRemoval({ wanted, key, pool }: Pairing): readonly Change[] {
  const there = pool?.healthMonitor;
  if (there === undefined || there.foreign || there.type === monitorOf(wanted.pool)?.type) return [];
  return [{ type: 'deleteHealthMonitor', id: there.id, pool: key }];
}

function monitorChange({ wanted, key, pool }: Pairing): readonly Change[] {
  const monitor = monitorOf(wanted.pool);
  const there = pool?.healthMonitor;
  if (monitor === undefined || there?.foreign === true) return [];
  if (there?.type !== monitor.type) return [{ type: 'createHealthMonitor', pool: key, monitor }];
  if (!there.failed && sameMonitor(monitor, there)) return [];
  return [{ type: 'updateHealthMonitor', id: there.id, pool: key, monitor }];
}

const monitorOf = ({ healthMonitor }: Pool) => healthMonitor;
