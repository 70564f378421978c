import { RouterRefusedError } from '@kuryr-l7/plugin';
import type { L7Policy, Router } from '@kuryr-l7/router';

const REDIRECT_CODES: readonly number[] = [301, 302, 303, 307, 308];

/** Checks what a replacement leads to: listeners that exist, pools that are part of it, policies that can be evaluated. */
export class RouterValidator {
  readonly #listeners: ReadonlySet<string>;
  /** Policies found good before; objects of the model never change. */
  readonly #checked = new WeakSet<L7Policy>();

  constructor(listeners: readonly string[]) {
    this.#listeners = new Set(listeners);
  }

  /** @throws RouterRefusedError naming the object, the reason and the remedy */
  router(router: Router): void {
    const pools = new Set<string>();
    for (const pool of router.pools) {
      if (pools.has(pool.name)) throw new RouterRefusedError(`Two pools are named ${pool.name}; name each once.`);
      pools.add(pool.name);
    }
    for (const listener of router.listeners) {
      if (!this.#listeners.has(listener.key)) {
        const known = [...this.#listeners].join(', ');
        throw new RouterRefusedError(`The router has no listener ${listener.key}; it has ${known}.`);
      }
      for (const policy of listener.policies) {
        this.#policy(policy);
        if (policy.redirectPool !== undefined && !pools.has(policy.redirectPool)) {
          throw new RouterRefusedError(
            `L7 policy ${policy.key} leads to pool ${policy.redirectPool}, which is not there; create the pool first.`,
          );
        }
      }
    }
  }

  /**
   * Checks the policies of one listener by themselves; those that were good before cost nothing.
   *
   * @throws RouterRefusedError naming the policy, the reason and the remedy
   */
  policies(router: Router, listener: string): void {
    for (const policy of router.listeners.find(({ key }) => key === listener)?.policies ?? []) this.#policy(policy);
  }

  #policy(policy: L7Policy): void {
    if (this.#checked.has(policy)) return;
    const reason = whyRefused(policy);
    if (reason !== undefined) throw new RouterRefusedError(`L7 policy ${policy.key} ${reason}.`);
    this.#checked.add(policy);
  }
}

function whyRefused(policy: L7Policy): string | undefined {
  switch (policy.action) {
    case 'REDIRECT_TO_POOL':
      if (policy.redirectPool === undefined) return 'sends to a pool and names none; set redirectPool';
      break;
    case 'REDIRECT_TO_URL':
      if (policy.redirectUrl === undefined) return 'redirects and names no URL; set redirectUrl';
      break;
    case 'REDIRECT_PREFIX':
      if (policy.redirectPrefix === undefined) return 'redirects and names no prefix; set redirectPrefix';
      break;
    case 'FIXED_RESPONSE':
      if (policy.statusCode === undefined || policy.statusCode < 200 || policy.statusCode > 599) {
        return 'answers by itself and has no status from 200 to 599; set statusCode';
      }
      break;
    case 'REJECT':
  }
  if (policy.redirectHttpCode !== undefined && !REDIRECT_CODES.includes(policy.redirectHttpCode)) {
    return `redirects with ${policy.redirectHttpCode}; use one of ${REDIRECT_CODES.join(', ')}`;
  }
  return policy.rules.map(whyRuleRefused).find((reason) => reason !== undefined);
}

function whyRuleRefused({ type, compareType, key, value }: L7Policy['rules'][number]): string | undefined {
  if ((type === 'HEADER' || type === 'COOKIE') && (key ?? '') === '') return `has a ${type} rule without a key; set it`;
  if (compareType !== 'REGEX') return undefined;
  try {
    new RegExp(value);
    return undefined;
  } catch (error) {
    return `has a ${type} rule whose value is not a regular expression (${error instanceof Error ? error.message : value})`;
  }
}
