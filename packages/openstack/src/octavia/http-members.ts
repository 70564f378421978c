import type { CallOptions } from '../api/call-options.js';
import type { ServiceClient } from '../transport/service-client.js';
import { type Member, type MemberFields, type MemberUpdate, readMember } from './member.js';
import { NestedResourceCollection } from './nested-resource-collection.js';
import type { Members, OctaviaFilter } from './octavia-client.js';

export class HttpMembers
  extends NestedResourceCollection<Member, MemberFields, MemberUpdate, OctaviaFilter>
  implements Members
{
  constructor(private readonly octavia: ServiceClient) {
    super(octavia, (pool) => ({ path: pathOf(pool), singular: 'member', plural: 'members', read: readMember }));
  }

  replace(
    poolId: string,
    members: readonly MemberFields[],
    options: CallOptions & { readonly additiveOnly?: boolean } = {},
  ): Promise<void> {
    const { additiveOnly, ...call } = options;
    const query = { additive_only: additiveOnly };
    const path = pathOf(encodeURIComponent(poolId));
    return this.octavia.request('PUT', path, { ...call, query, body: { members } }, () => undefined);
  }
}

function pathOf(encodedPoolId: string): string {
  return `/v2/lbaas/pools/${encodedPoolId}/members`;
}
