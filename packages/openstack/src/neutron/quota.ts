import type { AnswerReader } from '../answer/answer-reader.js';

/** Most objects of each kind that a project may have; -1 is no limit, null not told. */
export interface NetworkQuota {
  readonly network: number | null;
  readonly subnet: number | null;
  readonly port: number | null;
  readonly floatingip: number | null;
  readonly security_group: number | null;
  readonly security_group_rule: number | null;
}

export function readNetworkQuota(answer: AnswerReader): NetworkQuota {
  return {
    network: answer.integerOrNull('network'),
    subnet: answer.integerOrNull('subnet'),
    port: answer.integerOrNull('port'),
    floatingip: answer.integerOrNull('floatingip'),
    security_group: answer.integerOrNull('security_group'),
    security_group_rule: answer.integerOrNull('security_group_rule'),
  };
}
