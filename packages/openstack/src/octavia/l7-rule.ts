import type { AnswerReader } from '../answer/answer-reader.js';
import { type LoadBalancerObject, readLoadBalancerObject } from './load-balancer-object.js';

/** A rule has neither name nor description. */
export interface L7Rule extends Omit<LoadBalancerObject, 'name' | 'description'> {
  /** HOST_NAME, PATH, FILE_TYPE, HEADER, COOKIE, SSL_CONN_HAS_CERT, SSL_VERIFY_RESULT, SSL_DN_FIELD. */
  readonly type: string;
  /** EQUAL_TO, STARTS_WITH, ENDS_WITH, CONTAINS, REGEX. */
  readonly compare_type: string;
  readonly key: string | null;
  readonly value: string;
  readonly invert: boolean;
}

export interface L7RuleUpdate {
  readonly type?:
    | 'HOST_NAME'
    | 'PATH'
    | 'FILE_TYPE'
    | 'HEADER'
    | 'COOKIE'
    | 'SSL_CONN_HAS_CERT'
    | 'SSL_VERIFY_RESULT'
    | 'SSL_DN_FIELD';
  readonly compare_type?: 'EQUAL_TO' | 'STARTS_WITH' | 'ENDS_WITH' | 'CONTAINS' | 'REGEX';
  /** For HEADER, COOKIE and SSL_DN_FIELD. */
  readonly key?: string | null;
  /** 1 to 255 characters, no space. */
  readonly value?: string;
  readonly invert?: boolean;
  readonly admin_state_up?: boolean;
  readonly tags?: readonly string[];
}

/** A rule as it is made, alone or in a tree. */
export interface L7RuleFields extends L7RuleUpdate {
  readonly type: NonNullable<L7RuleUpdate['type']>;
  readonly compare_type: NonNullable<L7RuleUpdate['compare_type']>;
  readonly value: string;
}

export function readL7Rule(answer: AnswerReader): L7Rule {
  const { name: _name, description: _description, ...common } = readLoadBalancerObject(answer);
  return {
    ...common,
    type: answer.string('type'),
    compare_type: answer.string('compare_type'),
    key: answer.stringOrNull('key'),
    value: answer.string('value'),
    invert: answer.booleanOr('invert', false),
  };
}
