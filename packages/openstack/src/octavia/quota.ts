import type { AnswerReader } from '../answer/answer-reader.js';

/** Most objects of each kind that a project may have; -1 is no limit, null not told. What is in use has to be counted. */
export interface LoadBalancerQuota {
  readonly load_balancer: number | null;
  readonly listener: number | null;
  readonly pool: number | null;
  readonly member: number | null;
  readonly health_monitor: number | null;
  /** Since 2.19. */
  readonly l7policy: number | null;
  /** Since 2.19. */
  readonly l7rule: number | null;
}

/** `null` goes back to the default. Only an administrator may. */
export type LoadBalancerQuotaUpdate = Partial<LoadBalancerQuota>;

export function readLoadBalancerQuota(answer: AnswerReader): LoadBalancerQuota {
  return {
    // The names without an underscore are those of older releases.
    load_balancer: answer.integerOrNull('load_balancer') ?? answer.integerOrNull('loadbalancer'),
    listener: answer.integerOrNull('listener'),
    pool: answer.integerOrNull('pool'),
    member: answer.integerOrNull('member'),
    health_monitor: answer.integerOrNull('health_monitor') ?? answer.integerOrNull('healthmonitor'),
    l7policy: answer.integerOrNull('l7policy'),
    l7rule: answer.integerOrNull('l7rule'),
  };
}
