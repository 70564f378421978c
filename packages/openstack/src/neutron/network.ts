import type { AnswerReader } from '../answer/answer-reader.js';

export interface Network {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** ACTIVE, DOWN, BUILD, ERROR. */
  readonly status: string;
  readonly admin_state_up: boolean;
  readonly project_id: string;
  readonly subnets: readonly string[];
  /** Floating IPs can be taken from it. */
  readonly 'router:external': boolean;
  readonly shared: boolean;
  /** Bytes. */
  readonly mtu: number | null;
  /** Told to administrators alone, as the next: e.g. `vlan`; `''` for others. */
  readonly 'provider:network_type': string;
  /** VLAN or tunnel. */
  readonly 'provider:segmentation_id': number | null;
  readonly tags: readonly string[];
}

export interface NetworkCreate {
  readonly name?: string;
  readonly description?: string;
  readonly admin_state_up?: boolean;
  readonly shared?: boolean;
  readonly 'router:external'?: boolean;
  readonly project_id?: string;
}

export type NetworkUpdate = Omit<NetworkCreate, 'project_id'>;

export function readNetwork(answer: AnswerReader): Network {
  return {
    id: answer.string('id'),
    name: answer.text('name'),
    description: answer.text('description'),
    status: answer.text('status'),
    admin_state_up: answer.booleanOr('admin_state_up', true),
    project_id: projectOf(answer),
    subnets: answer.strings('subnets'),
    'router:external': answer.booleanOr('router:external', false),
    shared: answer.booleanOr('shared', false),
    mtu: answer.integerOrNull('mtu'),
    'provider:network_type': answer.text('provider:network_type'),
    'provider:segmentation_id': answer.integerOrNull('provider:segmentation_id'),
    tags: answer.strings('tags'),
  };
}

/** `tenant_id` is the older name, which all releases still give. */
export function projectOf(answer: AnswerReader): string {
  return answer.text('project_id') || answer.text('tenant_id');
}
