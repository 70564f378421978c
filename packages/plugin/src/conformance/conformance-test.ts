import type { RouterCapabilities } from '@kuryr-l7/router';
import type { RouterUnderTest } from './router-under-test.js';

/** A capability that a test needs, by the name under which the router tells it. */
export interface Requirement {
  readonly name: string;
  met(capabilities: RouterCapabilities): boolean;
}

/** One thing that every router must do. */
export interface ConformanceTest {
  /** In the words of the router's user. */
  readonly name: string;
  readonly requires?: readonly Requirement[];
  /** @throws AssertionError */
  run(subject: RouterUnderTest): Promise<void>;
}

export function action(name: RouterCapabilities['actions'][number]): Requirement {
  return { name: `actions: ${name}`, met: ({ actions }) => actions.includes(name) };
}

export function ruleType(name: RouterCapabilities['ruleTypes'][number]): Requirement {
  return { name: `ruleTypes: ${name}`, met: ({ ruleTypes }) => ruleTypes.includes(name) };
}

export function compareType(name: RouterCapabilities['compareTypes'][number]): Requirement {
  return { name: `compareTypes: ${name}`, met: ({ compareTypes }) => compareTypes.includes(name) };
}

export function algorithm(name: RouterCapabilities['lbAlgorithms'][number]): Requirement {
  return { name: `lbAlgorithms: ${name}`, met: ({ lbAlgorithms }) => lbAlgorithms.includes(name) };
}

export function flag(name: 'healthMonitors' | 'memberWeights' | 'backupMembers'): Requirement {
  return { name, met: (capabilities) => capabilities[name] };
}
