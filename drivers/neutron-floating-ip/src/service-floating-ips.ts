import { CLUSTER_ID, EXTERNAL_SVC_NET, EXTERNAL_SVC_SUBNET } from '@kuryr-l7/config';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import {
  type FloatingIp,
  type FloatingIpUpdate,
  ifThere,
  isWhereLed,
  KEPT_TAG,
  type NeutronClient,
  othersTags,
  tagsLedTo,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import {
  type Configuration,
  type ObjectKey,
  PublicIpUnavailableError,
  type ServicePublicIpRequest,
  type Turns,
} from '@kuryr-l7/plugin';
import { externalNetwork } from './external-network.js';
import { FloatingIpMarks, isDescribed, isTakenByAnyone } from './floating-ip-marks.js';

const DETACHED: FloatingIpUpdate = { port_id: null };

/** Floating IPs of Services, which know by their {@link FloatingIpMarks marks} whose they are. */
export class ServiceFloatingIps {
  /** @param turns by the address: of Services that name one at the same moment, the first has it, and the others see that */
  constructor(
    private readonly neutron: NeutronClient,
    private readonly configuration: Configuration,
    private readonly turns: Turns,
  ) {}

  async acquire(request: ServicePublicIpRequest, key: ObjectKey, signal: AbortSignal): Promise<LBaaSPubIp> {
    const { portId, address, keep = false } = request;
    const marks = this.#marks(key);
    const there = await this.neutron.floatingIps.list({ port_id: portId }, { signal });
    if (address !== undefined) {
      return this.turns.take(address, () => this.#useGiven(address, request, marks, there, signal));
    }
    // Others may lead there, too, from other networks.
    const here = there.find((one) => marks.isTaken(one) || marks.isUsed(one)) ?? there[0];
    const left = here ?? (await this.#atHand(request, marks, signal)) ?? (await this.#take(request, marks));
    if (marks.isAnothers(left)) throw anothers(left);
    const isTaken = marks.wasTaken(left) && !keep;
    if (isTaken) await this.#mark(left, marks.takenTags(portId), signal);
    else await this.#markUsed(left, marks.usedTags(portId), signal);
    return infoOf(left, isTaken ? 'pool' : 'user');
  }

  /** Those that the Service has: taken for it, or used by it. One that somebody has led elsewhere is not given back. */
  async of(key: ObjectKey, signal: AbortSignal): Promise<readonly LBaaSPubIp[]> {
    const marks = this.#marks(key);
    const found = await this.#had(marks, signal);
    return found.map((one) => infoOf(one, marks.isTaken(one) && !marks.isTakenAway(one) ? 'pool' : 'user'));
  }

  /** Looks at it right before it is written: Neutron would take it away from where it leads by now. */
  associate({ ip_id, ip_addr }: LBaaSPubIp, portId: string, signal: AbortSignal): Promise<void> {
    return this.turns.take(ip_addr, async () => {
      const one = await this.neutron.floatingIps.get(ip_id, { signal });
      if (one.port_id !== null && one.port_id !== portId) throw leadsElsewhere(one);
      // First, as one that leads to another port than its tag says counts as led there by somebody else.
      await this.#tag(one, tagsLedTo(portId, one), signal);
      if (one.port_id === null) await this.neutron.floatingIps.update(ip_id, { port_id: portId });
    });
  }

  async disassociate({ ip_id }: LBaaSPubIp, signal: AbortSignal): Promise<void> {
    await ifThere(async () => this.#detach(await this.neutron.floatingIps.get(ip_id, { signal })));
  }

  async release({ ip_id, alloc_method }: LBaaSPubIp, signal: AbortSignal): Promise<void> {
    await ifThere(async () => {
      if (alloc_method === 'pool') return this.neutron.floatingIps.delete(ip_id);
      await this.#letGo(await this.neutron.floatingIps.get(ip_id, { signal }), signal);
    });
  }

  #marks(key: ObjectKey): FloatingIpMarks {
    return new FloatingIpMarks(this.configuration.get(CLUSTER_ID), key);
  }

  /** What else of the Service leads to the port, or did, goes first: Neutron leads one address of a network there. */
  async #useGiven(
    address: string,
    { portId, projectId }: ServicePublicIpRequest,
    marks: FloatingIpMarks,
    there: readonly FloatingIp[],
    signal: AbortSignal,
  ): Promise<LBaaSPubIp> {
    const given = await this.#given({ floating_ip_address: address, project_id: projectId }, portId, marks, signal);
    const rivals = there.filter(
      ({ id, floating_network_id }) => id !== given.id && floating_network_id === given.floating_network_id,
    );
    const foreign = rivals.find((one) => !marks.isTaken(one) && !marks.isUsed(one));
    if (foreign !== undefined) throw inTheWay(foreign, address);
    const had = (await this.#had(marks, signal)).filter(({ project_id }) => project_id === projectId);
    const others = new Map([...rivals, ...had].map((one) => [one.id, one]));
    for (const [id, other] of others) {
      if (id !== given.id) await ifThere(() => this.#discard(other, marks, signal));
    }
    if (given.port_id !== portId) await this.#detach(given);
    // From now on it is the user's, also where it was taken for a Service before.
    if (isDescribed(given)) await this.neutron.floatingIps.update(given.id, { description: '' });
    await this.#mark(given, marks.usedTags(portId), signal);
    return infoOf(given, 'user');
  }

  /** An administrator sees those of all projects. */
  async #given(
    filter: { readonly floating_ip_address: string; readonly project_id: string },
    portId: string,
    marks: FloatingIpMarks,
    signal: AbortSignal,
  ): Promise<FloatingIp> {
    const [found] = await this.neutron.floatingIps.list(filter, { signal });
    const { floating_ip_address: address } = filter;
    if (found === undefined) {
      throw new PublicIpUnavailableError(
        `spec.loadBalancerIP ${address}: the project has no such floating IP; take it first ("openstack floating ip create --floating-ip-address ${address} <network>")`,
      );
    }
    const isHere = found.port_id === portId;
    // Of two Services that named it at the same time, the one that it leads to has it, whoever marked it last.
    if (marks.isAnothers(found) && (!isHere || isTakenByAnyone(found))) throw anothers(found);
    if (isHere || marks.isAtHand(found)) return found;
    throw leadsElsewhere(found);
  }

  async #had(marks: FloatingIpMarks, signal: AbortSignal): Promise<readonly FloatingIp[]> {
    const { floatingIps } = this.neutron;
    const [tagged, described] = await Promise.all([
      floatingIps.list({ 'tags-any': marks.search }, { signal }),
      floatingIps.list({ description: marks.description }, { signal }),
    ]);
    const found = new Map([...tagged, ...described].map((one) => [one.id, one]));
    return [...found.values()].filter((one) => marks.isTaken(one) || marks.isUsed(one));
  }

  /** One whose port is gone with its load balancer, or whose creation got no answer. None is taken beside one led elsewhere. */
  async #atHand(
    { projectId }: ServicePublicIpRequest,
    marks: FloatingIpMarks,
    signal: AbortSignal,
  ): Promise<FloatingIp | undefined> {
    const had = (await this.#had(marks, signal)).filter(({ project_id }) => project_id === projectId);
    const one = had.find((candidate) => marks.isAtHand(candidate));
    const away = had.find((candidate) => marks.isTakenAway(candidate));
    if (one !== undefined) await this.#detach(one);
    else if (away !== undefined) throw leadsElsewhere(away);
    return one;
  }

  async #take(request: ServicePublicIpRequest, { description }: FloatingIpMarks): Promise<FloatingIp> {
    const { configuration, neutron } = this;
    const network = await externalNetwork(neutron, request.network ?? configuration.get(EXTERNAL_SVC_NET));
    const subnet =
      request.subnet ?? (request.network === undefined ? configuration.get(EXTERNAL_SVC_SUBNET) : undefined);
    try {
      return await neutron.floatingIps.create({
        floating_network_id: network,
        port_id: request.portId,
        project_id: request.projectId,
        description,
        ...(subnet !== undefined && { subnet_id: subnet }),
      });
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) throw error;
      const [made] = await neutron.floatingIps.list({ port_id: request.portId });
      if (made === undefined) throw error;
      return made;
    }
  }

  async #discard(one: FloatingIp, marks: FloatingIpMarks, signal: AbortSignal): Promise<void> {
    if (marks.isTaken(one) && !marks.isTakenAway(one)) return this.neutron.floatingIps.delete(one.id);
    await this.#detach(one);
    await this.#letGo(one, signal);
  }

  async #detach(one: FloatingIp): Promise<void> {
    if (one.port_id !== null && isWhereLed(one)) await this.neutron.floatingIps.update(one.id, DETACHED);
  }

  /** Nothing says any more that a Service has it. */
  async #letGo(one: FloatingIp, signal: AbortSignal): Promise<void> {
    await this.#markUsed(one, [], signal);
  }

  /** What was taken for a Service once and is described so has to say that it stays. */
  async #markUsed(one: FloatingIp, tags: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#mark(one, isDescribed(one) ? [KEPT_TAG, ...tags] : tags, signal);
  }

  async #mark(one: FloatingIp, wanted: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#tag(one, [...othersTags(one), ...wanted], signal);
  }

  async #tag(one: FloatingIp, next: readonly string[], signal: AbortSignal): Promise<void> {
    if ([...one.tags].sort().join() === [...next].sort().join()) return;
    await this.neutron.setTags('floatingips', one.id, next, { signal });
  }
}

function infoOf({ id, floating_ip_address }: FloatingIp, method: 'user' | 'pool'): LBaaSPubIp {
  return { ip_id: id, ip_addr: floating_ip_address, alloc_method: method };
}

/** Whose it is, is not for every user of the cluster to read: an administrator sees it in OpenStack. */
function anothers({ id, floating_ip_address }: FloatingIp): PublicIpUnavailableError {
  return new PublicIpUnavailableError(
    `the floating IP ${floating_ip_address} (${id}) was taken for, or is used by, another Service or cluster, or the L7 router: ask for another one. Its description and tags say whose it is ("openstack floating ip show ${id}"); where that is gone, take them off ("openstack floating ip set --description '' ${id}", "openstack floating ip unset --all-tag ${id}")`,
  );
}

function leadsElsewhere({ id, floating_ip_address, port_id }: FloatingIp): PublicIpUnavailableError {
  return new PublicIpUnavailableError(
    `the floating IP ${floating_ip_address} (${id}) leads to port ${port_id} already; free it, or ask for another one`,
  );
}

/** Somebody has led it to the VIP by hand: it may be known to others, and is not ours to take off. */
function inTheWay({ id, floating_ip_address }: FloatingIp, given: string): PublicIpUnavailableError {
  return new PublicIpUnavailableError(
    `spec.loadBalancerIP ${given}: the floating IP ${floating_ip_address} (${id}), which the Service does not have from here, leads to its VIP already, and Neutron leads one of a network there: take that off ("openstack floating ip unset --port ${id}"), or name it as spec.loadBalancerIP`,
  );
}
