import { randomInt } from 'node:crypto';
import { dns1035LabelProblems, dnsLabelProblems, dnsSubdomainProblems, pathSegmentProblems } from '../name-rules.js';
import type { ResourceDefinition } from './resource-definition.js';

/** No vowels and nothing that looks alike, as in k8s.io/apimachinery/pkg/util/rand. */
const RANDOM_CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A name that begins with `generateName`, cut so that the whole stays within 63 characters. */
export function generatedName(generateName: string): string {
  const suffix = Array.from({ length: 5 }, () => RANDOM_CHARACTERS[randomInt(RANDOM_CHARACTERS.length)]).join('');
  return `${generateName.slice(0, 58)}${suffix}`;
}

/** Why the name can't be one of this kind's objects; empty when it can. */
export function nameProblems(definition: ResourceDefinition, name: string): readonly string[] {
  switch (definition.storage) {
    case 'namespaces':
      return dnsLabelProblems(name);
    case 'services':
      return dns1035LabelProblems(name);
    case 'roles.rbac.authorization.k8s.io':
    case 'rolebindings.rbac.authorization.k8s.io':
    case 'clusterroles.rbac.authorization.k8s.io':
    case 'clusterrolebindings.rbac.authorization.k8s.io':
      return pathSegmentProblems(name);
    default:
      return dnsSubdomainProblems(name);
  }
}
