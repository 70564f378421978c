import type {
  Member as OctaviaMember,
  HealthMonitor as OctaviaMonitor,
  L7Rule as OctaviaRule,
} from '@kuryr-l7/openstack';
import {
  compareText,
  type HealthMonitor,
  type L7Rule,
  type L7RuleCompareType,
  type L7RuleType,
  type LbAlgorithm,
  type Member,
} from '@kuryr-l7/router';
import { leftToOctavia } from '../ownership/left-to-octavia.js';
import type { KnownRule } from './known-objects.js';

const RULE_TYPES: readonly L7RuleType[] = ['HOST_NAME', 'PATH', 'FILE_TYPE', 'HEADER', 'COOKIE'];
const COMPARE_TYPES: readonly L7RuleCompareType[] = ['EQUAL_TO', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'REGEX'];
const LB_ALGORITHMS: readonly LbAlgorithm[] = ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP'];

/**
 * Whether the model can tell the rule, as it can all that we make. Somebody else may have added or made it: one on a TLS
 * property, with which a policy matches nothing over plain HTTP, or a disabled one, without which it matches more.
 */
export function isOurKind({ type, compare_type, admin_state_up }: OctaviaRule): boolean {
  return (
    RULE_TYPES.some((word) => word === type) && COMPARE_TYPES.some((word) => word === compare_type) && admin_state_up
  );
}

/**
 * The rules that are rendered, host before path and so on: Octavia lists them by their random ids. Those that are not
 * {@link isOurKind} are left out.
 */
export function readRules(rules: readonly OctaviaRule[]): readonly KnownRule[] {
  return rules
    .flatMap(({ id, type, compare_type, key, value, invert, admin_state_up }): readonly KnownRule[] => {
      const known = RULE_TYPES.find((word) => word === type);
      const compareType = COMPARE_TYPES.find((word) => word === compare_type);
      if (known === undefined || compareType === undefined || !admin_state_up) return [];
      return [{ id, rule: { type: known, compareType, ...(key !== null && { key }), value, invert } }];
    })
    .sort((a, b) => compareByKind(a.rule, b.rule));
}

function compareByKind(a: L7Rule, b: L7Rule): number {
  return (
    RULE_TYPES.indexOf(a.type) - RULE_TYPES.indexOf(b.type) ||
    compareText(a.key ?? '', b.key ?? '') ||
    compareText(a.compareType, b.compareType) ||
    compareText(a.value, b.value)
  );
}

/** Sorted by address and port. One in ERROR is as good as not there: writing the members once more heals it. */
export function readMembers(members: readonly OctaviaMember[]): readonly Member[] {
  return members
    .filter(({ provisioning_status }) => provisioning_status !== 'ERROR')
    .map(({ address, protocol_port, weight, backup }) => ({ address, port: protocol_port, weight, backup }))
    .sort((a, b) => compareText(a.address, b.address) || a.port - b.port);
}

/** Undefined for one of a type that we never make, one in ERROR and a disabled one: it is replaced or enabled. */
export function readHealthMonitor(monitor: OctaviaMonitor): HealthMonitor | undefined {
  const { type, delay, timeout, max_retries, max_retries_down, provisioning_status } = monitor;
  if ((type !== 'HTTP' && type !== 'TCP') || provisioning_status === 'ERROR' || !monitor.admin_state_up)
    return undefined;
  const told = <K extends 'httpMethod' | 'urlPath' | 'expectedCodes'>(field: K, value: string | null) =>
    value === null || type === 'TCP' || leftToOctavia(monitor.tags, field) ? {} : { [field]: value };
  return {
    type,
    delay,
    timeout,
    maxRetries: max_retries,
    maxRetriesDown: max_retries_down,
    ...told('httpMethod', monitor.http_method),
    ...told('urlPath', monitor.url_path),
    ...told('expectedCodes', monitor.expected_codes),
  };
}

/** Of somebody else's pool it may be one that we don't have; then it tells ROUND_ROBIN. */
export function readAlgorithm(algorithm: string): LbAlgorithm {
  return LB_ALGORITHMS.find((word) => word === algorithm) ?? 'ROUND_ROBIN';
}
