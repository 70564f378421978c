import type { L7Policy } from '../../model.js';
import { compareText, hostText } from '../../policy-order.js';
import { policyShape } from '../../policy-shape.js';
import { type HostForm, hostsRule, pathsRule } from '../../rule-forms.js';
import { portion } from './portion.js';
import type { PlaceInIngress, SharedPaths } from './share-paths.js';
import { signatureOf } from './signature.js';

/** One policy of a host, before hosts share it. */
interface PolicyOfHost extends SharedPaths {
  readonly host: HostForm;
  readonly place: number;
}

/**
 * Policies of several hosts of one Ingress that are alike but for the host are one. Exact hosts and wildcards stay apart,
 * since the exact ones come first. Policies for any host are left as they are.
 */
export function shareHosts(
  policies: readonly SharedPaths[],
  maxLength: number,
  placeInIngress: PlaceInIngress,
): readonly L7Policy[] {
  const shared: L7Policy[] = [];
  const alike = new Map<string, PolicyOfHost[]>();
  for (const policy of policies) {
    const { first } = policy;
    const [host] = policyShape(first).hosts ?? [];
    if (host === undefined) {
      shared.push(onHosts([], policy));
      continue;
    }
    const likeness = likenessOf(policy, host.kind);
    const others = alike.get(likeness);
    const ofHost = { ...policy, host, place: placeInIngress(first, hostText(host)) };
    if (others === undefined) alike.set(likeness, [ofHost]);
    else others.push(ofHost);
  }
  const fits = (part: readonly PolicyOfHost[]) => hostsRule(hostsOf(part)).value.length <= maxLength;
  for (const group of alike.values()) {
    group.sort((a, b) => a.place - b.place);
    for (const part of portion(group, fits)) shared.push(onHosts(hostsOf(part), part[0]));
  }
  return shared;
}

const ofUnshared = new WeakMap<L7Policy, string>();

/** What policies of several hosts have to agree on. Most policies share no paths, and are as they were last time. */
function likenessOf({ first, paths }: SharedPaths, kind: HostForm['kind']): string {
  const unshared = paths === policyShape(first).paths;
  const known = unshared ? ofUnshared.get(first) : undefined;
  if (known !== undefined) return known;
  const path = paths === undefined ? '' : pathsRule(paths).value;
  const likeness = [kind, signatureOf(first), path].join(' ');
  if (unshared) ofUnshared.set(first, likeness);
  return likeness;
}

function hostsOf(policies: readonly PolicyOfHost[]): readonly HostForm[] {
  return policies.map(({ host }) => host).sort((a, b) => compareText(hostText(a), hostText(b)));
}

/** The very policy that the compiler made, where it is not shared. */
function onHosts(hosts: readonly HostForm[], { first, paths }: SharedPaths): L7Policy {
  const own = policyShape(first);
  if (hosts.length <= 1 && paths?.length === own.paths?.length) return first;
  const rules = [...(hosts.length === 0 ? [] : [hostsRule(hosts)]), ...(paths === undefined ? [] : [pathsRule(paths)])];
  return { ...first, rules };
}
