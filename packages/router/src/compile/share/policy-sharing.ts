import type { L7Policy } from '../../model.js';
import { inPolicyOrder, policyOrder } from '../../policy-order.js';
import { keep, keepList } from '../same.js';
import { shareHosts } from './share-hosts.js';
import { sharePaths } from './share-paths.js';

/**
 * Makes one policy of those that lead several hosts or paths of one Ingress to one target, as far as their rules' values
 * are not too long for the router. It decides every request as before. A shared policy has the key of one of its hosts and
 * paths, chosen by {@link portion} so that it stays, and is changed in place, when others come and go; what stands alone
 * is the very policy that it was.
 */
export class PolicySharing {
  #last: readonly L7Policy[] = [];
  #byKey: ReadonlyMap<string, L7Policy> = new Map();

  constructor(private readonly maxRuleValueLength: number) {}

  /**
   * @param policies in order of evaluation, host by host, all of our forms
   * @returns in order of evaluation; policies that are as they were last time, and the list, are the same objects
   */
  share(policies: readonly L7Policy[]): readonly L7Policy[] {
    const ofHosts = hostByHost(policies).flatMap((list) => sharePaths(list, this.maxRuleValueLength));
    const shared = shareHosts(ofHosts, this.maxRuleValueLength);
    const kept = shared.length === policies.length ? policies : this.#inOrder(shared);
    this.#last = keepList(this.#last, kept);
    return this.#last;
  }

  #inOrder(policies: readonly L7Policy[]): readonly L7Policy[] {
    const kept = policies.map((policy) => keep(this.#byKey.get(policy.key), policy));
    this.#byKey = new Map(kept.map((policy) => [policy.key, policy]));
    return inPolicyOrder(kept).map(({ policy }) => policy);
  }
}

function hostByHost(policies: readonly L7Policy[]): readonly (readonly L7Policy[])[] {
  const lists: L7Policy[][] = [];
  let last: string | undefined;
  for (const policy of policies) {
    const { band, host } = policyOrder(policy);
    const name = `${band} ${host}`;
    if (name === last) lists.at(-1)?.push(policy);
    else lists.push([policy]);
    last = name;
  }
  return lists;
}
