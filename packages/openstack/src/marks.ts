import { tagsOfText, textOfTags } from './api/tag-text.js';

interface Tagged {
  readonly tags: readonly string[];
}

interface Led extends Tagged {
  readonly port_id: string | null;
}

interface Described {
  readonly description: string;
}

/** What each tag of ours begins with; nobody else's does. */
const OURS = 'kuryr-';
const CLUSTER = 'kuryr-cluster';
const SOURCE = 'kuryr-source';
const KEY = 'kuryr-key';
const USED_BY = 'kuryr-used-by';
const VIP_PORT = 'kuryr-vip-port';

/** Of a load balancer that was made to be a router, and of a floating IP taken for it: both stay when a cluster is cleaned up. */
export const ROUTER_TAG = 'kuryr-l7-router';

/** Of a floating IP that was taken for a Service and stays when the Service, or its cluster, goes. */
export const KEPT_TAG = 'kuryr-kept';

/** The `device_owner` by which Neutron, and people, know a port that a Pod uses. */
export const POD_PORT_OWNER = 'compute:kuryr';

/**
 * How everything in OpenStack says that it is of a cluster. The tag `kuryr-cluster=<id>` is what counts.
 *
 * | object | further tags | else |
 * |---|---|---|
 * | load balancer, floating IP, security group of a Service | `kuryr-source=Service/<namespace>/<name>` | description |
 * | floating IP that a Service uses and that was there before | `kuryr-used-by=<id>/Service/<namespace>/<name>`, and not that of the cluster, which it outlives | |
 * | floating IP that leads to a Service | `kuryr-vip-port=<id of the port>` | |
 * | floating IP of the L7 router | {@link ROUTER_TAG} | |
 * | listener, pool of a Service | `kuryr-key` | |
 * | policy, pool on the L7 router | `kuryr-key`, `kuryr-source` | |
 * | what is below them, listener on the L7 router | | |
 * | port of a Pod, or of none yet | | description, `device_owner` {@link POD_PORT_OWNER} |
 * | network of a namespace | | description |
 * | certificate of the L7 router | none: Barbican has no tags | name |
 *
 * Neutron takes tags only after an object is made: until then, and for ever where the controller was killed in between, its
 * description alone says whose it is. That of what is made for a Service is part of what the Service wants: `descriptionOf`
 * in packages/service-load-balancer.
 */
export class ClusterMarks {
  /** `kuryr-cluster=<id>` */
  readonly tag: string;

  /** @param clusterId of letters, digits and a few signs, as `[ingress] cluster_id` is checked */
  constructor(readonly clusterId: string) {
    this.tag = `${CLUSTER}=${clusterId}`;
  }

  isTagged({ tags }: Tagged): boolean {
    return tags.includes(this.tag);
  }

  /** @param service `<namespace>/<name>` */
  serviceTags(service: string): readonly string[] {
    return [this.tag, ...sourceTags(`Service/${service}`)];
  }

  /** The Service that it was made for; undefined for what is not this cluster's, or not of a Service. */
  serviceOf(one: Tagged): string | undefined {
    return this.isTagged(one) ? after('Service/', markedSource(one)) : undefined;
  }

  /** @param service `<namespace>/<name>` */
  usedByTags(service: string): readonly string[] {
    return tagsOfText(USED_BY, `${this.clusterId}/Service/${service}`);
  }

  /** The Service of this cluster that uses it, though it was there before. */
  userOf({ tags }: Tagged): string | undefined {
    return after(`${this.clusterId}/Service/`, textOfTags(USED_BY, tags));
  }

  /** @param podUid undefined for a port that is no Pod's yet */
  portDescription(podUid: string | undefined): string {
    return podUid === undefined ? this.tag : `${this.tag} kuryr-pod=${podUid}`;
  }

  /** Whether {@link portDescription} was written for it. */
  isDescribedPort(port: Described): boolean {
    return port.description === this.tag || this.podUidOf(port) !== undefined;
  }

  podUidOf({ description }: Described): string | undefined {
    return after(`${this.tag} kuryr-pod=`, description);
  }

  /** @param namespace its name */
  networkDescription(namespace: string): string {
    return `${this.tag} kuryr-namespace=${namespace}`;
  }

  /** The namespace whose network it is; undefined for what is not this cluster's, though it be described so. */
  namespaceOf(network: Tagged & Described): string | undefined {
    if (!this.isTagged(network) && isMarked(network)) return undefined;
    return after(`${this.tag} kuryr-namespace=`, network.description);
  }

  /**
   * @param routerId the load balancer: another one's certificates are in Barbican before its listener refers to them
   * @param fingerprint of the content
   */
  certificateName(routerId: string, fingerprint: string): string {
    return `${this.tag} router=${routerId} sha256=${fingerprint}`;
  }

  /** The load balancer that a secret is for; undefined for what is not this cluster's. */
  routerOfCertificate(name: string): string | undefined {
    return /^(\S+) sha256=/.exec(after(`${this.tag} router=`, name) ?? '')?.[1];
  }
}

/** Of any cluster, or in use by one. */
export function isMarked({ tags }: Tagged): boolean {
  return tags.some(isOurs);
}

/** Made for any cluster. */
export function isOfAnyCluster({ tags }: Tagged): boolean {
  return tags.some((tag) => tag.startsWith(`${CLUSTER}=`));
}

/** In use by a Service of any cluster, though it was there before. */
export function isUsedByAnyone({ tags }: Tagged): boolean {
  return textOfTags(USED_BY, tags) !== undefined;
}

/** Of a floating IP: where it was led for a Service. One that somebody has led elsewhere since is left there. */
export function vipPortTag(portId: string): string {
  return `${VIP_PORT}=${portId}`;
}

/** Whether a floating IP leads to the port that it was led to; so, too, where nobody wrote that down. */
export function isWhereLed({ tags, port_id }: Led): boolean {
  const led = tags.find((tag) => tag.startsWith(vipPortTag('')));
  return led === undefined || led === vipPortTag(port_id ?? '');
}

/** Its tags when it is led to another port by us; where nobody wrote down where it was led, as they are. */
export function tagsLedTo(portId: string, { tags }: Tagged): readonly string[] {
  return tags.map((tag) => (tag.startsWith(vipPortTag('')) ? vipPortTag(portId) : tag));
}

/** Its tags without those of ours. */
export function othersTags({ tags }: Tagged): readonly string[] {
  return tags.filter((tag) => !isOurs(tag));
}

/** @param source for whom it was made: `<kind>/<namespace>/<name>` */
export function sourceTags(source: string): readonly string[] {
  return tagsOfText(SOURCE, source);
}

export function markedSource({ tags }: Tagged): string | undefined {
  return textOfTags(SOURCE, tags);
}

export function withoutSource(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !new RegExp(`^${SOURCE}(-\\d+)?=`).test(tag));
}

/** @param key what it stands for among its siblings */
export function keyTags(key: string): readonly string[] {
  return tagsOfText(KEY, key);
}

export function markedKey({ tags }: Tagged): string | undefined {
  return textOfTags(KEY, tags);
}

function isOurs(tag: string): boolean {
  return tag.startsWith(OURS);
}

function after(beginning: string, text: string | undefined): string | undefined {
  return text?.startsWith(beginning) === true ? text.slice(beginning.length) : undefined;
}
