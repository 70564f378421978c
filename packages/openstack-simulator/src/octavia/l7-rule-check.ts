import type { ApiFault } from '../http/api-fault.js';
import { ruleError } from './l7-faults.js';
import { pythonProblem } from './regular-expressions.js';

/** What `octavia/common/validate.py: l7rule_data` looks at. */
export interface CheckedRule {
  readonly type: string;
  readonly compare_type: string;
  readonly key: string | null;
  readonly value: string;
}

const HEADER_NAME = /^[a-zA-Z0-9!#$%&'*+\-.^_`|~]+$/;
const COOKIE_VALUE = /^[a-zA-Z0-9!#$%&'()*+\-./:<=>?@[\]^_`{|}~]+$/;
const HEADER_VALUE = /^[a-zA-Z0-9!"#$%&'()*+,\-./:;<=>?@[\]^_`{|}~\\]+$/;
const QUOTED_HEADER_VALUE = /^"[a-zA-Z0-9 \t!"#$%&'()*+,\-./:;<=>?@[\]^_`{|}~\\]*"$/;

/** @throws ApiFault 400 where Octavia would not take the rule */
export function checkRule(rule: CheckedRule): void {
  if (rule.value === '') throw invalidRule('L7 rule type requires a value');
  switch (rule.type) {
    case 'HEADER':
      requireKey(rule.key);
      checkValue(rule, HEADER_VALUE, 'header value');
      break;
    case 'COOKIE':
      requireKey(rule.key);
      checkValue(rule, COOKIE_VALUE, 'cookie value');
      break;
    case 'FILE_TYPE':
      if (!['REGEX', 'EQUAL_TO'].includes(rule.compare_type)) {
        throw invalidRule('invalid comparison type for rule type');
      }
      checkValue(rule, HEADER_VALUE, 'comparison value');
      break;
    case 'HOST_NAME':
    case 'PATH':
      checkValue(rule, HEADER_VALUE, 'comparison value');
      break;
    default:
      checkTlsRule(rule);
  }
}

function requireKey(key: string | null): void {
  if (!key) throw invalidRule('L7 rule type requires a key');
  if (!HEADER_NAME.test(key)) throw ruleError('Invalid characters in key');
}

function checkValue({ compare_type, value }: CheckedRule, pattern: RegExp, what: string): void {
  if (compare_type === 'REGEX') {
    const problem = pythonProblem(value);
    if (problem !== undefined) throw ruleError(`Unable to parse regular expression: ${problem}`);
    return;
  }
  const quoted = pattern === HEADER_VALUE && QUOTED_HEADER_VALUE.test(value);
  if (!pattern.test(value) && !quoted) throw ruleError(`Invalid characters in ${what}`);
}

function checkTlsRule({ type, compare_type, key, value }: CheckedRule): void {
  if (type === 'SSL_DN_FIELD') {
    if (!key) throw invalidRule(`L7rule type ${type} needs to specify a key and a value.`);
    if (!/^[a-zA-Z]+$/.test(key)) throw invalidRule('Invalid L7rule distinguished name field.');
    return;
  }
  if (key) throw invalidRule(`L7rule type ${type} does not use the "key" field.`);
  if (type === 'SSL_CONN_HAS_CERT' && value.toLowerCase() !== 'true') {
    throw invalidRule(`L7rule value ${value} is not a boolean True string.`);
  }
  if (type === 'SSL_VERIFY_RESULT' && !/^\d+$/.test(value)) {
    throw invalidRule(`L7rule type ${type} needs a int value, which is >= 0`);
  }
  if (compare_type !== 'EQUAL_TO') throw invalidRule(`L7rule type ${type} only supports the EQUAL_TO compare type.`);
}

function invalidRule(message: string): ApiFault {
  return ruleError(`Invalid L7 Rule: ${message}`);
}
