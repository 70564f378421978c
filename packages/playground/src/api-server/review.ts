import { randomUUID } from 'node:crypto';
import { badRequest } from './api-error.js';
import { isRecord } from './api-object.js';
import type { User } from './authentication.js';
import { groupVersionOf, type ResourceDefinition } from './resource-definition.js';

/**
 * Questions about permissions: created, answered, never stored. Every user who has a token may do everything here, and `kubectl auth` is
 * told so.
 */
export const REVIEW_RESOURCES: readonly ResourceDefinition[] = [
  review('authorization.k8s.io', 'SelfSubjectAccessReview'),
  review('authorization.k8s.io', 'SelfSubjectRulesReview'),
  review('authorization.k8s.io', 'SubjectAccessReview'),
  review('authentication.k8s.io', 'SelfSubjectReview'),
];

export function findReview(group: string, version: string, plural: string): ResourceDefinition | undefined {
  return REVIEW_RESOURCES.find(
    (found) => found.group === group && found.version === version && found.plural === plural,
  );
}

/** The review as it was sent, with its answer in `status`. Throws an ApiError (400). */
export function answerReview(definition: ResourceDefinition, sent: unknown, user: User): Record<string, unknown> {
  if (!isRecord(sent))
    throw badRequest(`${definition.kind} in version "${definition.version}" cannot be handled: not a JSON object`);
  return { ...sent, apiVersion: groupVersionOf(definition), kind: definition.kind, status: statusOf(definition, user) };
}

function statusOf(definition: ResourceDefinition, user: User): Record<string, unknown> {
  switch (definition.kind) {
    case 'SelfSubjectRulesReview':
      return {
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      };
    case 'SelfSubjectReview':
      return { userInfo: { username: user.name, uid: randomUUID(), groups: user.groups } };
    default:
      return { allowed: true, reason: 'every user of the playground may do everything' };
  }
}

function review(group: string, kind: string): ResourceDefinition {
  const singular = kind.toLowerCase();
  return {
    group,
    version: 'v1',
    kind,
    listKind: `${kind}List`,
    plural: `${singular}s`,
    singular,
    shortNames: [],
    categories: [],
    namespaced: false,
    subresources: [],
    generation: false,
    unconditionalUpdate: true,
    returnsDeletedObject: false,
    storage: `${singular}s.${group}`,
  };
}
