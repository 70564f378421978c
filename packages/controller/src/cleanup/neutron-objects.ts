import { type FloatingIp, isMarked, isWhereLed, KEPT_TAG, type NeutronClient, ROUTER_TAG } from '@kuryr-l7/openstack';
import { serviceDescribedBy } from '@kuryr-l7/plugin';
import type { ClusterIdentity, Found } from './cluster-object.js';

const REMEDY =
  'delete it yourself if nobody needs it, or take its tags off to use it elsewhere ("openstack floating ip unset --all-tag';

/** Addresses of Services: those with the tag, and those that are only described, whose tags were not written any more. */
export async function floatingIpObjects(
  neutron: NeutronClient,
  { marks }: ClusterIdentity,
  signal: AbortSignal,
): Promise<Found> {
  const all = await neutron.floatingIps.list({}, { signal });
  const isDescribed = ({ description }: FloatingIp) =>
    serviceDescribedBy('floating IP', description, marks.clusterId) !== undefined;
  const ours = all.filter((one) => marks.isTagged(one) || (isDescribed(one) && !isMarked(one)));
  const isUsed = (one: FloatingIp) => marks.userOf(one) !== undefined;
  const isOfRouter = ({ tags }: FloatingIp) => tags.includes(ROUTER_TAG);
  const isTakenAway = (one: FloatingIp) => one.port_id !== null && !isWhereLed(one);
  const titleOf = ({ id, floating_ip_address: address }: FloatingIp) => `floating IP ${address} (${id})`;
  return {
    objects: ours
      .filter((one) => !isOfRouter(one) && !isTakenAway(one))
      .map(({ id, floating_ip_address: name }) => ({ kind: 'floating IP', id, name })),
    kept: [
      ...ours.filter(isOfRouter).map((one) => `${titleOf(one)} is the address of an L7 router, and stays with it`),
      ...ours
        .filter((one) => !isOfRouter(one) && isTakenAway(one))
        .map(
          (one) => `${titleOf(one)} was led from its Service to port ${one.port_id} by somebody: ${REMEDY} ${one.id}")`,
        ),
      ...all
        .filter((one) => !ours.includes(one) && (isUsed(one) || (isDescribed(one) && one.tags.includes(KEPT_TAG))))
        .map((one) => `${titleOf(one)} was given to a Service, or was to be kept: ${REMEDY} ${one.id}")`),
    ],
  };
}

/** Groups of the nodes for Services, found in the same way. */
export async function securityGroupObjects(
  neutron: NeutronClient,
  { marks }: ClusterIdentity,
  signal: AbortSignal,
): Promise<Found> {
  const all = await neutron.securityGroups.list({}, { signal });
  const ours = all.filter((one) => {
    if (marks.isTagged(one)) return true;
    return !isMarked(one) && serviceDescribedBy('security group', one.description, marks.clusterId) !== undefined;
  });
  return { objects: ours.map(({ id, name }) => ({ kind: 'security group', id, name })), kept: [] };
}
