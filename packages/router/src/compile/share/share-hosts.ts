import type { L7Policy } from '../../model.js';
import { hostText } from '../../policy-order.js';
import { policyShape } from '../../policy-shape.js';
import { type HostForm, hostsRule, pathsRule } from '../../rule-forms.js';
import { portion } from './portion.js';
import type { SharedPaths } from './share-paths.js';
import { signatureOf } from './signature.js';

/** One policy of a host, before hosts share it. */
interface PolicyOfHost extends SharedPaths {
  readonly host: HostForm;
}

/**
 * Policies of several hosts of one Ingress that are alike but for the host are one. Exact hosts and wildcards stay apart,
 * since the exact ones come first. Policies for any host are left as they are.
 */
export function shareHosts(policies: readonly SharedPaths[], maxLength: number): readonly L7Policy[] {
  const shared: L7Policy[] = [];
  const alike = new Map<string, PolicyOfHost[]>();
  for (const policy of policies) {
    const [host] = policyShape(policy.anchor).hosts ?? [];
    if (host === undefined) {
      shared.push(onHosts([], policy));
      continue;
    }
    const likeness = likenessOf(policy, host.kind);
    const others = alike.get(likeness);
    const ofHost = { ...policy, host };
    if (others === undefined) alike.set(likeness, [ofHost]);
    else others.push(ofHost);
  }
  const space = {
    nameOf: ({ host }: PolicyOfHost) => hostText(host),
    lengthOf: (part: readonly PolicyOfHost[]) => hostsRule(hostsOf(part)).value.length,
    maxLength,
  };
  for (const group of alike.values()) {
    for (const { anchor, members } of portion(group, space)) shared.push(onHosts(hostsOf(members), anchor));
  }
  return shared;
}

const ofUnshared = new WeakMap<L7Policy, string>();

/** What policies of several hosts have to agree on. Most policies share no paths, and are as they were last time. */
function likenessOf({ anchor, paths }: SharedPaths, kind: HostForm['kind']): string {
  const unshared = paths === policyShape(anchor).paths;
  const known = unshared ? ofUnshared.get(anchor) : undefined;
  if (known !== undefined) return known;
  const path = paths === undefined ? '' : pathsRule(paths).value;
  const likeness = [kind, signatureOf(anchor), path].join(' ');
  if (unshared) ofUnshared.set(anchor, likeness);
  return likeness;
}

function hostsOf(policies: readonly PolicyOfHost[]): readonly HostForm[] {
  return policies.map(({ host }) => host);
}

/** The very policy that the compiler made, where it is not shared. */
function onHosts(hosts: readonly HostForm[], { anchor, paths }: SharedPaths): L7Policy {
  const own = policyShape(anchor);
  if (hosts.length <= 1 && paths?.length === own.paths?.length) return anchor;
  const rules = [...(hosts.length === 0 ? [] : [hostsRule(hosts)]), ...(paths === undefined ? [] : [pathsRule(paths)])];
  return { ...anchor, rules };
}
