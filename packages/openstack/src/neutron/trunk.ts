import type { AnswerReader } from '../answer/answer-reader.js';
import { projectOf } from './network.js';

/** A port whose VLANs are ports of their own, as the port of a server in which containers run. */
export interface Trunk {
  readonly id: string;
  readonly name: string;
  readonly project_id: string;
  /** The parent port. */
  readonly port_id: string;
  readonly status: string;
  readonly sub_ports: readonly Subport[];
}

export interface Subport {
  readonly port_id: string;
  /** `vlan`. */
  readonly segmentation_type: string;
  /** 1 to 4094; one of them has one port of a trunk. */
  readonly segmentation_id: number;
}

export interface TrunkUpdate {
  readonly name?: string;
  readonly description?: string;
  readonly admin_state_up?: boolean;
}

export interface TrunkCreate extends TrunkUpdate {
  readonly port_id: string;
  readonly sub_ports?: readonly Subport[];
}

export function readTrunk(answer: AnswerReader): Trunk {
  return {
    id: answer.string('id'),
    name: answer.text('name'),
    project_id: projectOf(answer),
    port_id: answer.string('port_id'),
    status: answer.text('status'),
    sub_ports: answer.list('sub_ports', (port) => ({
      port_id: port.string('port_id'),
      segmentation_type: port.text('segmentation_type'),
      segmentation_id: port.integer('segmentation_id'),
    })),
  };
}
