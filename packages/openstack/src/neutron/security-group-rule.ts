import type { AnswerReader } from '../answer/answer-reader.js';
import { projectOf } from './network.js';

export interface SecurityGroupRule {
  readonly id: string;
  readonly security_group_id: string;
  readonly description: string;
  readonly project_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
}

/** The same rule again is a ConflictError. */
export interface SecurityGroupRuleCreate {
  readonly security_group_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype?: 'IPv4' | 'IPv6';
  readonly protocol?: string | null;
  readonly port_range_min?: number | null;
  readonly port_range_max?: number | null;
  readonly remote_ip_prefix?: string | null;
  readonly remote_group_id?: string | null;
  readonly description?: string;
}

export function readSecurityGroupRule(answer: AnswerReader): SecurityGroupRule {
  return {
    id: answer.string('id'),
    security_group_id: answer.string('security_group_id'),
    description: answer.text('description'),
    project_id: projectOf(answer),
    direction: answer.oneOf('direction', ['ingress', 'egress']),
    ethertype: answer.text('ethertype'),
    protocol: answer.stringOrNull('protocol'),
    port_range_min: answer.integerOrNull('port_range_min'),
    port_range_max: answer.integerOrNull('port_range_max'),
    remote_ip_prefix: answer.stringOrNull('remote_ip_prefix'),
    remote_group_id: answer.stringOrNull('remote_group_id'),
  };
}
