import { groupVersionOf, type ResourceDefinition, type SubresourceName } from './resource-definition.js';

/** The version that the playground says it is: the Kubernetes release whose resources it serves. */
export const KUBERNETES_VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0-playground',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'node',
  platform: `${process.platform}/${process.arch}`,
} as const;

const OBJECT_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** The kind that a subresource speaks, where it is not the object's own. */
const SUBRESOURCE_KINDS: Partial<
  Record<SubresourceName, { readonly group: string; readonly version: string; readonly kind: string }>
> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
};

const SUBRESOURCE_VERBS: Readonly<Record<SubresourceName, readonly string[]>> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  finalize: ['update'],
  log: ['get'],
  eviction: ['create'],
};

/** Everything served: what is stored, and what is only answered (`reviews`). */
export interface Served {
  readonly stored: readonly ResourceDefinition[];
  readonly reviews: readonly ResourceDefinition[];
}

/** `/api`. */
export function apiVersions(): Record<string, unknown> {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

/** `/apis`. */
export function apiGroupList(served: Served): Record<string, unknown> {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groupsOf(served).map(([name, versions]) => groupEntry(name, versions)),
  };
}

/** `/apis/GROUP`; undefined for a group that is not served. */
export function apiGroup(served: Served, group: string): Record<string, unknown> | undefined {
  const found = groupsOf(served).find(([name]) => name === group);
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(...found) };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined for one that is not served. */
export function apiResourceList(served: Served, groupVersion: string): Record<string, unknown> | undefined {
  const inVersion = (definition: ResourceDefinition) => groupVersionOf(definition) === groupVersion;
  const resources = [
    ...served.stored.filter(inVersion).flatMap(resourceEntries),
    ...served.reviews.filter(inVersion).map((definition) => resourceEntry(definition, ['create'])),
  ];
  if (resources.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

/** Aggregated discovery of `/api` (the core group) or `/apis` (all others): everything in one answer. */
export function aggregatedDiscovery(served: Served, root: 'api' | 'apis', version: string): Record<string, unknown> {
  const groups: readonly (readonly [string, readonly string[]])[] = root === 'api' ? [['', ['v1']]] : groupsOf(served);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map((name) => ({
        version: name,
        resources: aggregatedResources(served, group, name),
        freshness: 'Current',
      })),
    })),
  };
}

/** Groups other than the core one, each with its versions, the preferred one first. */
function groupsOf({ stored, reviews }: Served): readonly [string, readonly string[]][] {
  const groups = new Map<string, string[]>();
  for (const { group, version } of [...stored, ...reviews]) {
    if (group === '') continue;
    const versions = groups.get(group) ?? [];
    groups.set(group, versions.includes(version) ? versions : [...versions, version]);
  }
  return [...groups];
}

function groupEntry(name: string, versions: readonly string[]): Record<string, unknown> {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

function verbsOf(definition: ResourceDefinition): readonly string[] {
  return definition.storage === 'namespaces'
    ? OBJECT_VERBS.filter((verb) => verb !== 'deletecollection')
    : OBJECT_VERBS;
}

function resourceEntries(definition: ResourceDefinition): Record<string, unknown>[] {
  const { plural, namespaced } = definition;
  return [
    resourceEntry(definition, verbsOf(definition)),
    ...definition.subresources.map((subresource) => ({
      name: `${plural}/${subresource}`,
      singularName: '',
      namespaced,
      ...(SUBRESOURCE_KINDS[subresource] ?? { kind: definition.kind }),
      verbs: SUBRESOURCE_VERBS[subresource],
    })),
  ];
}

function resourceEntry(definition: ResourceDefinition, verbs: readonly string[]): Record<string, unknown> {
  const { plural, singular, namespaced, kind, shortNames, categories } = definition;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

function aggregatedResources({ stored, reviews }: Served, group: string, version: string): Record<string, unknown>[] {
  const inVersion = (definition: ResourceDefinition) => definition.group === group && definition.version === version;
  return [
    ...stored.filter(inVersion).map((definition) => aggregatedResource(definition, verbsOf(definition))),
    ...reviews.filter(inVersion).map((definition) => aggregatedResource(definition, ['create'])),
  ];
}

function aggregatedResource(definition: ResourceDefinition, verbs: readonly string[]): Record<string, unknown> {
  const { group, version, kind, plural, singular, namespaced, shortNames, categories, subresources } = definition;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map((subresource) => ({
            subresource,
            responseKind: SUBRESOURCE_KINDS[subresource] ?? { group, version, kind },
            verbs: SUBRESOURCE_VERBS[subresource],
          })),
        }),
  };
}
