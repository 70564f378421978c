import type { ApiClient } from '../api-server/api-client.js';
import type { ApiObject, OwnerReference } from '../api-server/api-object.js';
import { CONTROLLER_MANAGER } from './field-manager.js';
import { type LabelSelector, matchesSelector } from './kinds/label-selector.js';
import { isTerminating } from './kinds/pod.js';
import { apiVersionOf, type Resource, referenceTo } from './kinds/resource.js';
import type { Lookup, ObjectCache } from './object-cache.js';

/** The one owner that manages the object. */
export function controllerOf(object: ApiObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

export function controllerReference<T extends ApiObject>(resource: Resource<T>, owner: T): OwnerReference {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The objects of one resource as their possible controllers see them. */
export interface Claims<T extends ApiObject> {
  /** By uid of the controller. */
  readonly owned: Lookup<T>;
  /** Objects that nobody controls, by namespace. */
  readonly orphans: Lookup<T>;
}

export function claimsOn<T extends ApiObject>(cache: ObjectCache<T>): Claims<T> {
  return {
    owned: cache.indexBy((object) => {
      const controller = controllerOf(object);
      return controller === undefined ? [] : [controller.uid];
    }),
    orphans: cache.indexBy((object) =>
      controllerOf(object) === undefined && !isTerminating(object) ? [object.metadata.namespace ?? ''] : [],
    ),
  };
}

/**
 * What a workload controls, by the rules of kube-controller-manager: it adopts matching objects that nobody controls, and lets go of its
 * own that match no more. A workload that is being deleted adopts nothing.
 */
export function claim<T extends ApiObject, O extends ApiObject & { spec: { readonly selector: LabelSelector } }>(
  client: ApiClient,
  resource: Resource<T>,
  claims: Claims<T>,
  ownerResource: Resource<O>,
  owner: O,
): readonly T[] {
  const matches = (object: T) => matchesSelector(owner.spec.selector, object.metadata.labels);
  const owned = claims.owned.get(owner.metadata.uid ?? '');
  if (isTerminating(owner)) return owned;
  for (const stranger of owned.filter((object) => !matches(object) && !isTerminating(object))) {
    setOwners(client, resource, stranger, withoutOwner(stranger, owner.metadata.uid));
  }
  for (const orphan of claims.orphans.get(owner.metadata.namespace ?? '').filter(matches)) {
    const owners = [...(orphan.metadata.ownerReferences ?? []), controllerReference(ownerResource, owner)];
    setOwners(client, resource, orphan, owners);
  }
  return claims.owned.get(owner.metadata.uid ?? '').filter(matches);
}

export function withoutOwner(object: ApiObject, uid: string | undefined): readonly OwnerReference[] {
  return (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
}

function setOwners<T extends ApiObject>(
  client: ApiClient,
  resource: Resource<T>,
  object: T,
  ownerReferences: readonly OwnerReference[],
): void {
  client.patch(
    referenceTo(resource, object),
    'merge',
    { metadata: { uid: object.metadata.uid, ownerReferences } },
    CONTROLLER_MANAGER,
  );
}
