import type { AnswerReader } from '../answer/answer-reader.js';
import { projectOf } from './network.js';

export interface FloatingIp {
  readonly id: string;
  readonly description: string;
  readonly floating_network_id: string;
  readonly floating_ip_address: string;
  readonly fixed_ip_address: string | null;
  /** The port that it leads to. */
  readonly port_id: string | null;
  readonly router_id: string | null;
  readonly status: string;
  readonly project_id: string;
  readonly tags: readonly string[];
}

export interface FloatingIpUpdate {
  /** `null` detaches it. */
  readonly port_id?: string | null;
  readonly description?: string;
  readonly fixed_ip_address?: string;
}

export interface FloatingIpCreate {
  readonly floating_network_id: string;
  readonly port_id?: string;
  readonly subnet_id?: string;
  readonly fixed_ip_address?: string;
  /** Only an administrator may choose. */
  readonly floating_ip_address?: string;
  /** Only an administrator may choose another one. @default the project of the login */
  readonly project_id?: string;
  readonly description?: string;
}

export function readFloatingIp(answer: AnswerReader): FloatingIp {
  return {
    id: answer.string('id'),
    description: answer.text('description'),
    floating_network_id: answer.string('floating_network_id'),
    floating_ip_address: answer.string('floating_ip_address'),
    fixed_ip_address: answer.stringOrNull('fixed_ip_address'),
    port_id: answer.stringOrNull('port_id'),
    router_id: answer.stringOrNull('router_id'),
    status: answer.text('status'),
    project_id: projectOf(answer),
    tags: answer.strings('tags'),
  };
}
