import { type OctaviaClient, OpenStackError } from '@kuryr-l7/openstack';
import type { Ownership } from '../ownership/ownership.js';

/** An object that is not ours. */
export interface OtherObject {
  /** For messages: `l7policy web (99f580e6-…)`. */
  readonly title: string;
  readonly updated_at: string | null;
  readonly created_at: string | null;
}

/**
 * What others have on the load balancer that is in ERROR. Octavia goes on rendering it, and its HAProxy refuses
 * such a configuration as a whole: then every change of everybody ends in ERROR (measured: the rule that was refused is in
 * ERROR itself, its policy and the load balancer are ACTIVE).
 *
 * @returns none also where they can't be listed: they only explain another error
 */
export async function othersInError(
  octavia: OctaviaClient,
  loadBalancerId: string,
  ownership: Ownership,
  signal: AbortSignal,
): Promise<readonly OtherObject[]> {
  try {
    return await find(octavia, loadBalancerId, ownership, signal);
  } catch (error) {
    if (error instanceof OpenStackError) return [];
    throw error;
  }
}

async function find(
  octavia: OctaviaClient,
  loadBalancerId: string,
  ownership: Ownership,
  signal: AbortSignal,
): Promise<readonly OtherObject[]> {
  const here = { loadbalancer_id: loadBalancerId };
  const isTheirs = (object: { readonly tags: readonly string[] }) => !ownership.isOurs(object);
  const [listeners, pools] = await Promise.all([
    octavia.listeners.list(here, { signal }),
    octavia.pools.list(here, { signal }),
  ]);
  const lists = listeners.map(({ id }) => octavia.l7Policies.list({ listener_id: id }, { signal }));
  const policies = (await Promise.all(lists)).flat().filter(isTheirs);
  const rules = await Promise.all(
    policies.map(async (policy) => ({ policy, rules: await octavia.l7Rules.list(policy.id, {}, { signal }) })),
  );
  return [
    ...told('listener', listeners.filter(isTheirs)),
    ...told('pool', pools.filter(isTheirs)),
    ...told('l7policy', policies),
    ...rules.flatMap(({ policy, rules: own }) => told('l7rule', own, ` of ${titleOf('l7policy', policy)}`)),
  ];
}

interface Child {
  readonly id: string;
  readonly name?: string;
  readonly provisioning_status: string;
  readonly updated_at: string | null;
  readonly created_at: string | null;
}

function told(kind: string, objects: readonly Child[], of = ''): readonly OtherObject[] {
  return objects
    .filter(({ provisioning_status }) => provisioning_status === 'ERROR')
    .map((object) => ({
      title: `${titleOf(kind, object)}${of}`,
      updated_at: object.updated_at,
      created_at: object.created_at,
    }));
}

function titleOf(kind: string, { name = '', id }: Pick<Child, 'id' | 'name'>): string {
  return name === '' ? `${kind} ${id}` : `${kind} ${name} (${id})`;
}
