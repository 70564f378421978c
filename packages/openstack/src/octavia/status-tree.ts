import type { AnswerReader } from '../answer/answer-reader.js';
import { PROVISIONING_STATUSES, type ProvisioningStatus } from './statuses.js';

interface StatusNode {
  readonly id: string;
  readonly name: string;
  readonly provisioning_status: ProvisioningStatus;
  readonly operating_status: string;
}

/** A load balancer and what is below it, L7 policies not included, in one request. */
export interface LoadBalancerStatus extends StatusNode {
  readonly listeners: readonly ListenerStatus[];
  /** Pools of no listener. */
  readonly pools: readonly PoolStatus[];
}

export interface ListenerStatus extends StatusNode {
  readonly pools: readonly PoolStatus[];
}

export interface PoolStatus extends StatusNode {
  readonly members: readonly MemberStatus[];
  readonly health_monitor: (StatusNode & { readonly type: string }) | null;
}

export interface MemberStatus extends StatusNode {
  readonly address: string;
  readonly protocol_port: number;
}

/** Bytes and requests of a load balancer or a listener. */
export interface TrafficStatistics {
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly active_connections: number;
  readonly total_connections: number;
  readonly request_errors: number;
}

export function readLoadBalancerStatus(answer: AnswerReader): LoadBalancerStatus {
  return {
    ...readNode(answer),
    listeners: answer.list('listeners', (listener) => ({
      ...readNode(listener),
      pools: listener.list('pools', readPoolStatus),
    })),
    pools: answer.list('pools', readPoolStatus),
  };
}

export function readTrafficStatistics(answer: AnswerReader): TrafficStatistics {
  return {
    bytes_in: answer.integer('bytes_in'),
    bytes_out: answer.integer('bytes_out'),
    active_connections: answer.integer('active_connections'),
    total_connections: answer.integer('total_connections'),
    request_errors: answer.integer('request_errors'),
  };
}

function readPoolStatus(answer: AnswerReader): PoolStatus {
  return {
    ...readNode(answer),
    members: answer.list('members', (member) => ({
      ...readNode(member),
      address: member.string('address'),
      protocol_port: member.integer('protocol_port'),
    })),
    // `{}` where there is none.
    health_monitor: answer.objectOrNull('health_monitor', (monitor) =>
      monitor.stringOrNull('id') === null ? null : { ...readNode(monitor), type: monitor.text('type') },
    ),
  };
}

function readNode(answer: AnswerReader): StatusNode {
  return {
    id: answer.string('id'),
    name: answer.text('name'),
    provisioning_status: answer.oneOf('provisioning_status', PROVISIONING_STATUSES),
    operating_status: answer.text('operating_status'),
  };
}
