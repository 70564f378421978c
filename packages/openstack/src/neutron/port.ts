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
  /** Grows with every change; null where Neutron has no revisions. */
  readonly revision_number: number | null;
  /** Told to administrators and services alone, as the two below; `''` for others, and where the port is not bound. */
  readonly 'binding:host_id': string;
  /** `ovs`, `unbound`, `binding_failed`, …; `''` where it is not told. */
  readonly 'binding:vif_type': string;
  readonly 'binding:vif_details': VifDetails;
  /** Of the parent port of a trunk. */
  readonly trunk_details: { readonly trunk_id: string } | null;
}

/** What Neutron tells of how a port is plugged in. */
export interface VifDetails {
  readonly bridge_name: string | null;
  /** The network filters by itself (security groups). */
  readonly port_filter: boolean;
  /** Plugged by way of a Linux bridge of its own. */
  readonly ovs_hybrid_plug: boolean;
}

const NO_VIF_DETAILS: VifDetails = { bridge_name: null, port_filter: false, ovs_hybrid_plug: false };

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
  /** Only administrators and services may choose, as with the host. @default the project of the login */
  readonly project_id?: string;
  /** The host that the port is bound to. */
  readonly 'binding:host_id'?: string;
  /** Only where Neutron has the extension `tag-ports-during-bulk-creation`; elsewhere they are refused, or ignored. */
  readonly tags?: readonly string[];
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
    revision_number: answer.integerOrNull('revision_number'),
    'binding:host_id': answer.text('binding:host_id'),
    'binding:vif_type': answer.text('binding:vif_type'),
    'binding:vif_details': answer.objectOrNull('binding:vif_details', readVifDetails) ?? NO_VIF_DETAILS,
    trunk_details: answer.objectOrNull('trunk_details', (details) => ({ trunk_id: details.string('trunk_id') })),
  };
}

function readVifDetails(details: AnswerReader): VifDetails {
  return {
    bridge_name: details.stringOrNull('bridge_name'),
    port_filter: details.booleanOr('port_filter', false),
    ovs_hybrid_plug: details.booleanOr('ovs_hybrid_plug', false),
  };
}
