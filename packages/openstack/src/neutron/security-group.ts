import type { AnswerReader } from '../answer/answer-reader.js';
import { projectOf } from './network.js';
import { readSecurityGroupRule, type SecurityGroupRule } from './security-group-rule.js';

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly project_id: string;
  readonly security_group_rules: readonly SecurityGroupRule[];
  readonly tags: readonly string[];
}

export interface SecurityGroupUpdate {
  readonly name?: string;
  readonly description?: string;
}

export interface SecurityGroupCreate extends SecurityGroupUpdate {
  readonly name: string;
  /** Only an administrator may choose another one. @default the project of the login */
  readonly project_id?: string;
}

export function readSecurityGroup(answer: AnswerReader): SecurityGroup {
  return {
    id: answer.string('id'),
    name: answer.text('name'),
    description: answer.text('description'),
    project_id: projectOf(answer),
    security_group_rules: answer.list('security_group_rules', readSecurityGroupRule),
    tags: answer.strings('tags'),
  };
}
