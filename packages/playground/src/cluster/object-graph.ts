import type { ObjectReference } from '../api-server/api-client.js';
import type { ApiObject } from '../api-server/api-object.js';
import type { ResourceDefinition, StorageName } from '../api-server/resource-definition.js';
import type { ClusterContext } from './cluster-context.js';
import { type Resource, referenceTo } from './kinds/resource.js';

/** An object of any kind and where it is. */
export interface GraphNode {
  readonly reference: ObjectReference;
  readonly object: ApiObject;
}

const CUSTOM_RESOURCE_DEFINITIONS: Resource<ApiObject> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
};

/** Every object of every kind by its uid, and who depends on whom: for what concerns all kinds alike. */
export class ObjectGraph {
  readonly #cluster: ClusterContext;
  readonly #definitions: () => readonly ResourceDefinition[];
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #watched = new Map<StorageName, () => void>();
  readonly #listeners = new Set<(node: GraphNode) => void>();

  /** `definitions` gives the kinds served now: those of CustomResourceDefinitions come and go. */
  constructor(cluster: ClusterContext, definitions: () => readonly ResourceDefinition[]) {
    this.#cluster = cluster;
    this.#definitions = definitions;
    const refresh = cluster.reconciler('custom-resources', () => this.#watchAll());
    cluster.cache(CUSTOM_RESOURCE_DEFINITIONS).subscribe(({ key }) => refresh.add(key));
    this.#watchAll();
    cluster.onClose(() => this.#close());
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): readonly GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#nodes.get(dependent) ?? []);
  }

  /** Calls back for each object that came, changed or went, and now for each there is. */
  subscribe(listener: (node: GraphNode) => void): void {
    this.#listeners.add(listener);
    for (const node of this.#nodes.values()) listener(node);
  }

  #watchAll(): void {
    const definitions = new Map(
      this.#definitions()
        .toReversed()
        .map((definition) => [definition.storage, definition]),
    );
    for (const [storage, stop] of this.#watched) {
      if (definitions.has(storage)) continue;
      stop();
      this.#watched.delete(storage);
    }
    for (const [storage, definition] of definitions) {
      if (this.#watched.has(storage)) continue;
      const stop = this.#cluster.client.watch(definition, { resourceVersion: '' }, ({ type, object }) => {
        if (type === 'DELETED') this.#remove(definition, object);
        else if (type !== 'BOOKMARK') this.#set(definition, object);
      });
      this.#watched.set(storage, stop);
    }
  }

  #set(definition: ResourceDefinition, object: ApiObject): void {
    const { uid = '', ownerReferences = [] } = object.metadata;
    this.#unlink(uid);
    const node = { reference: referenceTo(definition, object), object };
    this.#nodes.set(uid, node);
    for (const owner of ownerReferences) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, dependents.add(uid));
    }
    for (const listener of this.#listeners) listener(node);
  }

  #remove(definition: ResourceDefinition, object: ApiObject): void {
    const { uid = '' } = object.metadata;
    this.#unlink(uid);
    this.#nodes.delete(uid);
    const node = { reference: referenceTo(definition, object), object };
    for (const listener of this.#listeners) listener(node);
  }

  #unlink(uid: string): void {
    for (const owner of this.#nodes.get(uid)?.object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  #close(): void {
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
    this.#listeners.clear();
  }
}
