import type { AnswerReader } from '../answer/answer-reader.js';
import { PROVISIONING_STATUSES, type ProvisioningStatus } from './statuses.js';

/** What a load balancer and everything below it have in common. */
export interface LoadBalancerObject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly admin_state_up: boolean;
  readonly provisioning_status: ProvisioningStatus;
  /** ONLINE, OFFLINE, DEGRADED, ERROR, DRAINING, NO_MONITOR; `''` where the API gives none. */
  readonly operating_status: string;
  readonly project_id: string;
  readonly tags: readonly string[];
  /** ISO 8601 in UTC without a zone, e.g. `2026-11-21T10:00:00`. */
  readonly created_at: string | null;
  readonly updated_at: string | null;
}

/** What can be given for each of them when it is made or changed. */
export interface LoadBalancerObjectFields {
  readonly name?: string;
  readonly description?: string;
  readonly admin_state_up?: boolean;
  /** Each up to 255 characters; one with a comma can be stored but not found. Since 2.5. */
  readonly tags?: readonly string[];
}

/** An object named by its id alone. */
export interface Reference {
  readonly id: string;
}

export function readLoadBalancerObject(answer: AnswerReader): LoadBalancerObject {
  return {
    id: answer.string('id'),
    name: answer.text('name'),
    description: answer.text('description'),
    admin_state_up: answer.boolean('admin_state_up'),
    provisioning_status: answer.oneOf('provisioning_status', PROVISIONING_STATUSES),
    operating_status: answer.text('operating_status'),
    project_id: answer.text('project_id'),
    tags: answer.strings('tags'),
    created_at: answer.stringOrNull('created_at'),
    updated_at: answer.stringOrNull('updated_at'),
  };
}

export function readReference(answer: AnswerReader): Reference {
  return { id: answer.string('id') };
}
