import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { list } from '../shape/readers.js';
import { type Complete, object, readBody } from '../shape/shape.js';
import { MEMBER_MANDATORY, MEMBER_POST, MEMBER_PUT } from './fields.js';
import type { Member, Pool } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { immutable, invalidOption, notFound, TITLES, validationFailure } from './octavia-faults.js';
import { createdAnswer, manyAnswer, NO_CONTENT, oneAnswer } from './resource-answers.js';
import type { Operation } from './worker.js';

const PATH = '/v2/lbaas/pools/:pool/members';
const FILTERS = [
  'address',
  'protocol_port',
  'weight',
  'backup',
  'subnet_id',
  'pool_id',
  'monitor_address',
  'monitor_port',
];
const DEFAULT_WEIGHT = 1;
/** Metadata servers: `[networking] reserved_ips`. */
const RESERVED_ADDRESSES = ['169.254.169.254', 'fe80::a9fe:a9fe'];

export type GivenMember = Complete<typeof MEMBER_POST, (typeof MEMBER_MANDATORY)[number]>;

export function addMemberRoutes(routes: RouteTable, context: OctaviaContext): void {
  routes
    .add('GET', PATH, (request) => {
      const pool = poolOf(request, context);
      context.requireReader(request.caller, pool.project_id);
      return manyAnswer(request, context, {
        name: 'members',
        items: context.state.membersOf(pool),
        fields: FILTERS,
        hidden: ({ pool_id }) => ({ pool_id }),
      });
    })
    .add('GET', `${PATH}/:member`, (request) => {
      const pool = poolOf(request, context);
      const member = context.read('member', parameter(request, 'member'), request.caller);
      requireParent(member, pool);
      return oneAnswer(request, context, 'member', member);
    })
    .add('POST', PATH, (request) => {
      const given = readBody(request.body, {
        argument: 'member_',
        root: 'member',
        fields: MEMBER_POST,
        mandatory: MEMBER_MANDATORY,
      });
      const pool = poolOf(request, context);
      context.requireWriter(request.caller, pool.project_id);
      requireUsableAddress(given.address);
      requireSubnet(context, given.subnet_id);
      context.quotas.require('member', pool.project_id);
      requireMutable(context, pool);
      const member = insertMember(context, pool, given);
      submit(context, pool, [member], 'create');
      return createdAnswer('member', context.views.member(member));
    })
    .add('PUT', PATH, (request) => {
      const { members } = readMembers(request.body);
      const pool = poolOf(request, context);
      context.requireWriter(request.caller, pool.project_id);
      requireMutable(context, pool);
      const additive = ['1', 't', 'true', 'on', 'y', 'yes'].includes(
        (request.query.get('additive_only') ?? '').toLowerCase(),
      );
      replaceMembers(context, pool, members, additive);
      return { status: 202 };
    })
    .add('PUT', `${PATH}/:member`, (request) => {
      const given = readBody(request.body, { argument: 'member_', root: 'member', fields: MEMBER_PUT });
      const member = context.write('member', parameter(request, 'member'), request.caller);
      const pool = poolOf(request, context);
      requireParent(member, pool);
      requireMutable(context, pool);
      Object.assign(member, {
        name: given.name === undefined ? member.name : (given.name ?? ''),
        admin_state_up: given.admin_state_up === undefined ? member.admin_state_up : given.admin_state_up === true,
        weight: given.weight === undefined ? member.weight : (given.weight ?? DEFAULT_WEIGHT),
        backup: given.backup === undefined ? member.backup : given.backup === true,
        monitor_address: given.monitor_address === undefined ? member.monitor_address : given.monitor_address,
        monitor_port: given.monitor_port === undefined ? member.monitor_port : given.monitor_port,
        tags: given.tags ?? member.tags,
        updated_at: context.now(),
      });
      submit(context, pool, [member], 'update');
      return oneAnswer(request, context, 'member', member);
    })
    .add('DELETE', `${PATH}/:member`, (request) => {
      const member = context.write('member', parameter(request, 'member'), request.caller);
      const pool = poolOf(request, context);
      requireParent(member, pool);
      requireMutable(context, pool);
      submit(context, pool, [member], 'delete');
      return NO_CONTENT;
    });
}

/** Stores a new member. @throws ApiFault 409 where the pool has one of that address and port */
export function insertMember(context: OctaviaContext, pool: Pool, given: GivenMember): Member {
  if (given.request_sriov === true) {
    throw new ApiFault(400, 'The load balancer flavor does not allow SR-IOV member ports.');
  }
  const taken = context.state
    .membersOf(pool)
    .some(({ address, protocol_port }) => address === given.address && protocol_port === given.protocol_port);
  if (taken) throw duplicate(given);
  const monitored = context.state.healthMonitorOf(pool) !== undefined;
  const member: Member = {
    ...context.newborn(pool.project_id),
    operating_status: monitored ? 'OFFLINE' : 'NO_MONITOR',
    kind: 'member',
    pool_id: pool.id,
    vnic_type: 'normal',
    name: given.name ?? '',
    admin_state_up: given.admin_state_up ?? true,
    address: given.address,
    protocol_port: given.protocol_port,
    weight: given.weight ?? DEFAULT_WEIGHT,
    backup: given.backup ?? false,
    subnet_id: given.subnet_id ?? null,
    monitor_address: given.monitor_address ?? null,
    monitor_port: given.monitor_port ?? null,
    tags: given.tags ?? [],
  };
  context.state.members.set(member.id, member);
  return member;
}

/** @throws ApiFault 400 */
export function requireUsableAddress(address: string): void {
  if (RESERVED_ADDRESSES.includes(address.toLowerCase())) {
    throw invalidOption(address.toUpperCase(), 'member address');
  }
}

const MEMBERS = { members: list(object(MEMBER_POST, MEMBER_MANDATORY)) };

function readMembers(body: unknown): { members: readonly GivenMember[] } {
  const given = readBody({ members_: body }, { argument: 'members_', root: 'members_', fields: MEMBERS });
  return { members: given.members ?? [] };
}

/**
 * The batch PUT: what is not named goes, unless it is additive. Of a member that stays, what the request leaves out of
 * weight, backup, switch and monitor address returns to its default; name and tags are kept.
 */
function replaceMembers(context: OctaviaContext, pool: Pool, members: readonly GivenMember[], additive: boolean): void {
  const keyOf = ({ address, protocol_port }: Pick<Member, 'address' | 'protocol_port'>) =>
    `${address} ${protocol_port}`;
  const before = new Map(context.state.membersOf(pool).map((member) => [keyOf(member), member]));
  const wanted = new Set(members.map(keyOf));
  const known = members.filter((member) => before.has(keyOf(member)));
  const added = members.filter((member) => !before.has(keyOf(member)));
  for (const { address } of added) requireUsableAddress(address);
  if (new Set(known.map(keyOf)).size < known.length) {
    throw validationFailure('Member must be updated only once in the same request.');
  }
  const removed = additive ? [] : [...before.values()].filter((member) => !wanted.has(keyOf(member)));
  if (known.length + added.length + removed.length === 0) return;
  const more = added.length - removed.length;
  if (more > 0) context.quotas.require('member', pool.project_id, more);
  const twice = added.find((member, index) => added.findIndex((other) => keyOf(other) === keyOf(member)) < index);
  if (twice !== undefined) throw duplicate(twice);
  for (const { subnet_id } of added) requireSubnet(context, subnet_id);

  const created = added.map((given) => insertMember(context, pool, given));
  const updated = known.flatMap((given) => {
    const member = before.get(keyOf(given));
    return member === undefined ? [] : [reset(context, member, given)];
  });
  submit(context, pool, [...created, ...updated], 'update', removed);
  for (const member of created) member.provisioning_status = 'PENDING_CREATE';
}

function reset(context: OctaviaContext, member: Member, given: GivenMember): Member {
  return Object.assign(member, {
    name: given.name === undefined ? member.name : (given.name ?? ''),
    tags: given.tags ?? member.tags,
    admin_state_up: given.admin_state_up ?? true,
    weight: given.weight ?? DEFAULT_WEIGHT,
    backup: given.backup ?? false,
    monitor_address: given.monitor_address ?? null,
    monitor_port: given.monitor_port ?? null,
    updated_at: context.now(),
  });
}

function duplicate({ address, protocol_port }: GivenMember): ApiFault {
  return new ApiFault(
    409,
    `Another member on this pool is already using ip ${address} on protocol_port ${protocol_port}`,
  );
}

function poolOf(request: AuthenticatedRequest, context: OctaviaContext): Pool {
  return context.parent('pool', parameter(request, 'pool'));
}

function requireParent(member: Member, pool: Pool): void {
  if (member.pool_id !== pool.id) throw notFound(TITLES.member, member.id);
}

function requireSubnet(context: OctaviaContext, subnetId: string | null | undefined): void {
  if (subnetId && context.network.networkOfSubnet(subnetId) === undefined) {
    throw new ApiFault(400, `Subnet ${subnetId} not found.`);
  }
}

/** @throws ApiFault 409; a pool in ERROR takes no members even though its load balancer takes writes */
function requireMutable(context: OctaviaContext, pool: Pool): void {
  if (pool.provisioning_status !== 'ACTIVE') throw immutable(TITLES.pool, pool.id);
  context.worker.requireMutable(context.loadBalancerOf(pool));
}

function submit(
  context: OctaviaContext,
  pool: Pool,
  subjects: readonly Member[],
  operation: Operation,
  deletions: readonly Member[] = [],
): void {
  context.worker.submit({
    loadBalancer: context.loadBalancerOf(pool),
    operation,
    kind: 'member',
    subjects,
    deletions,
    parents: [...context.state.listenersUsing(pool), pool],
  });
}
