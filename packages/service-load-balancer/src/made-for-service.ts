/** How the description of what is made for a Service begins. */
const BEGINNINGS = {
  /** With what follows it is what Magnum looks for when it deletes a cluster: `Kubernetes … from cluster <id>`. */
  'load balancer': 'Kubernetes Service ',
  'floating IP': 'Floating IP for Kubernetes Service ',
  /** As in the guide of the octavia-ingress-controller. */
  'security group': 'Security group created for Service ',
} as const;

export type MadeForService = keyof typeof BEGINNINGS;

/**
 * The description of what is made for a Service. Neutron takes tags of a floating IP or security group only after it is made:
 * until then, and for ever where the controller was killed in between, its description alone says whose it is.
 *
 * @param service `<namespace>/<name>`
 * @param clusterId at most 64 characters, so that Neutron's and Octavia's 255 are never reached
 */
export function descriptionOf(kind: MadeForService, service: string, clusterId: string): string {
  return `${BEGINNINGS[kind]}${service}${endingOf(clusterId)}`;
}

/** The Service for which {@link descriptionOf} was written; undefined for any other text, and for other clusters. */
export function serviceDescribedBy(kind: MadeForService, description: string, clusterId: string): string | undefined {
  const beginning = BEGINNINGS[kind];
  const ending = endingOf(clusterId);
  if (!description.startsWith(beginning) || !description.endsWith(ending)) return undefined;
  const service = description.slice(beginning.length, -ending.length);
  return /^[^/\s]+\/[^/\s]+$/.test(service) ? service : undefined;
}

function endingOf(clusterId: string): string {
  return ` from cluster ${clusterId}`;
}
