import { ApiError } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import { type Backend, timestamp } from './backend.js';
import { deleteCollection } from './delete-object.js';
import type { CustomResource, ResourceDefinition, ScalePaths, SubresourceName } from './resource-definition.js';
import { commitUpdate } from './update-object.js';

const RESOURCE = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/**
 * Serves what the CustomResourceDefinitions define, as apiextensions-apiserver does: a new one is accepted and established at once, and a
 * deleted one takes its objects with it. Gives back the function that ends this.
 */
export function serveCustomResources(backend: Backend): () => void {
  const unsubscribes = new Map<string, () => void>();
  const definition = backend.registry.get(RESOURCE);
  const unsubscribe = backend.storage.subscribe(definition.storage, ({ type, object }) => {
    const { name } = object.metadata;
    const definitions = type === 'DELETED' ? [] : definitionsOf(object);
    backend.registry.setCustom(name, definitions);
    if (type === 'DELETED') {
      unsubscribes.get(name)?.();
      unsubscribes.delete(name);
      return;
    }
    // A write that came after this one has its own turn.
    if (backend.storage.get(definition.storage, name) !== object) return;
    if (object.metadata.deletionTimestamp === undefined) {
      accept(backend, definition, object);
      return;
    }
    const [served] = definitions;
    const cleanUp = () => removeWhenEmpty(backend, definition, name, served);
    if (served !== undefined) {
      deleteCollection(backend, served, {}, {});
      if (!unsubscribes.has(name)) unsubscribes.set(name, backend.storage.subscribe(served.storage, cleanUp));
    }
    cleanUp();
  });
  return () => {
    unsubscribe();
    for (const end of unsubscribes.values()) end();
  };
}

/** The versions that a CustomResourceDefinition asks to serve; the stored version first. */
function definitionsOf(crd: ApiObject): readonly ResourceDefinition[] {
  const { spec } = crd;
  if (!isRecord(spec) || !isRecord(spec.names) || !Array.isArray(spec.versions)) return [];
  const { group, names, scope } = spec;
  if (typeof group !== 'string' || typeof names.kind !== 'string' || typeof names.plural !== 'string') return [];
  const { kind, plural } = names;
  const singular = typeof names.singular === 'string' ? names.singular : kind.toLowerCase();
  const listKind = typeof names.listKind === 'string' ? names.listKind : `${kind}List`;
  return spec.versions
    .filter((version) => isRecord(version))
    .filter((version) => version.served === true && typeof version.name === 'string')
    .sort((a, b) => Number(b.storage === true) - Number(a.storage === true))
    .map((version) => {
      const subresources = isRecord(version.subresources) ? version.subresources : {};
      const custom = customOf(version, subresources);
      return {
        group,
        version: String(version.name),
        kind,
        listKind,
        plural,
        singular,
        shortNames: texts(names.shortNames),
        categories: texts(names.categories),
        namespaced: scope === 'Namespaced',
        subresources: (['status', 'scale'] satisfies SubresourceName[]).filter((name) => isRecord(subresources[name])),
        generation: true,
        unconditionalUpdate: false,
        returnsDeletedObject: false,
        storage: crd.metadata.name,
        custom,
      };
    });
}

function customOf(version: Record<string, unknown>, subresources: Record<string, unknown>): CustomResource {
  const schema =
    isRecord(version.schema) && isRecord(version.schema.openAPIV3Schema) ? version.schema.openAPIV3Schema : undefined;
  const columns: readonly unknown[] = Array.isArray(version.additionalPrinterColumns)
    ? version.additionalPrinterColumns
    : [];
  const scale = scalePaths(subresources.scale);
  return {
    ...(schema === undefined ? {} : { schema }),
    printerColumns: columns.filter(isRecord).map((column) => ({
      name: String(column.name),
      type: String(column.type),
      jsonPath: String(column.jsonPath),
      ...(typeof column.format === 'string' ? { format: column.format } : {}),
      ...(typeof column.description === 'string' ? { description: column.description } : {}),
      ...(typeof column.priority === 'number' ? { priority: column.priority } : {}),
    })),
    ...(scale === undefined ? {} : { scale }),
  };
}

function scalePaths(scale: unknown): ScalePaths | undefined {
  if (!isRecord(scale)) return undefined;
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  if (typeof specReplicasPath !== 'string' || typeof statusReplicasPath !== 'string') return undefined;
  return {
    specReplicasPath,
    statusReplicasPath,
    ...(typeof labelSelectorPath === 'string' ? { labelSelectorPath } : {}),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** Says in the status that the names are taken and the resource is served; holds the definition until its objects are gone. */
function accept(backend: Backend, definition: ResourceDefinition, crd: ApiObject): void {
  const spec = isRecord(crd.spec) ? crd.spec : {};
  const versions: readonly unknown[] = Array.isArray(spec.versions) ? spec.versions : [];
  const storedVersions = versions
    .filter(isRecord)
    .filter((version) => version.storage === true)
    .map((version) => version.name);
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    lastTransitionTime: crd.metadata.creationTimestamp ?? timestamp(backend.clock),
    reason,
    message,
  });
  const status = {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    acceptedNames: spec.names,
    storedVersions,
  };
  const options = { fieldManager: 'kube-apiserver', fieldValidation: 'Ignore' } as const;
  const finalizers = [...new Set([...(crd.metadata.finalizers ?? []), CLEANUP])];
  const held = commitUpdate(
    backend,
    definition,
    crd,
    { ...crd, metadata: { ...crd.metadata, finalizers } },
    options,
    'track',
  );
  commitUpdate(backend, definition, held, { ...held, status }, { ...options, subresource: 'status' }, 'track');
}

function removeWhenEmpty(
  backend: Backend,
  definition: ResourceDefinition,
  name: string,
  served: ResourceDefinition | undefined,
): void {
  const crd = backend.storage.get(definition.storage, name);
  if (crd?.metadata.deletionTimestamp === undefined) return;
  if (served !== undefined && backend.storage.snapshot(served.storage).objects.size > 0) return;
  const finalizers = (crd.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP);
  try {
    const requested = { ...crd, metadata: { ...crd.metadata, finalizers } };
    commitUpdate(backend, definition, crd, requested, { fieldManager: 'kube-apiserver' }, 'track');
  } catch (error) {
    // Somebody else's finalizer may be refused by validation; it stays theirs to remove.
    if (!(error instanceof ApiError)) throw error;
  }
}
