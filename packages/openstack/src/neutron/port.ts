import type { AnswerReader } from '../answer/answer-reader.js';
import { projectOf } from './network.js';

export interface Port {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly network_id: string;
  readonly project_id: string;
  /** `Octavia` for the VIP of a load balancer. */
  readonly device_owner: string;
  readonly device_id: string;
  readonly status: string;
  readonly admin_state_up: boolean;
  readonly mac_address: string;
  readonly fixed_ips: readonly FixedIp[];
  readonly security_groups: readonly string[];
  readonly tags: readonly string[];
}

export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

export interface PortUpdate {
  readonly name?: string;
  readonly description?: string;
  readonly admin_state_up?: boolean;
  readonly device_owner?: string;
  readonly device_id?: string;
  readonly security_groups?: readonly string[];
  readonly fixed_ips?: readonly { readonly subnet_id?: string; readonly ip_address?: string }[];
}

export interface PortCreate extends PortUpdate {
  readonly network_id: string;
}

export function readPort(answer: AnswerReader): Port {
  return {
    id: answer.string('id'),
    name: answer.text('name'),
    description: answer.text('description'),
    network_id: answer.string('network_id'),
    project_id: projectOf(answer),
    device_owner: answer.text('device_owner'),
    device_id: answer.text('device_id'),
    status: answer.text('status'),
    admin_state_up: answer.booleanOr('admin_state_up', true),
    mac_address: answer.text('mac_address'),
    fixed_ips: answer.list('fixed_ips', (fixed) => ({
      subnet_id: fixed.string('subnet_id'),
      ip_address: fixed.string('ip_address'),
    })),
    security_groups: answer.strings('security_groups'),
    tags: answer.strings('tags'),
  };
}
