import { randomInt } from 'node:crypto';
import type { ResourceDefinition } from './resource-definition.js';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** No vowels and nothing that looks alike, as in k8s.io/apimachinery/pkg/util/rand. */
const RANDOM_CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A name that begins with `generateName`, cut so that the whole stays within 63 characters. */
export function generatedName(generateName: string): string {
  const suffix = Array.from({ length: 5 }, () => RANDOM_CHARACTERS[randomInt(RANDOM_CHARACTERS.length)]).join('');
  return `${generateName.slice(0, 58)}${suffix}`;
}

/** Why the name can't be one of this kind's objects; undefined when it can. The texts are those of k8s.io/apimachinery/pkg/util/validation. */
export function nameFault(definition: ResourceDefinition, name: string): string | undefined {
  switch (definition.storage) {
    case 'namespaces':
      return labelFault(name);
    case 'services':
      return name.length > 63 ? tooLong(63) : LABEL_1035.test(name) ? undefined : LABEL_1035_TEXT;
    case 'roles.rbac.authorization.k8s.io':
    case 'rolebindings.rbac.authorization.k8s.io':
    case 'clusterroles.rbac.authorization.k8s.io':
    case 'clusterrolebindings.rbac.authorization.k8s.io':
      return pathSegmentFault(name);
    default:
      return name.length > 253 ? tooLong(253) : SUBDOMAIN.test(name) ? undefined : SUBDOMAIN_TEXT;
  }
}

function labelFault(name: string): string | undefined {
  return name.length > 63 ? tooLong(63) : LABEL.test(name) ? undefined : LABEL_TEXT;
}

function pathSegmentFault(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  const forbidden = ['/', '%'].find((character) => name.includes(character));
  return forbidden === undefined ? undefined : `may not contain '${forbidden}'`;
}

function tooLong(limit: number): string {
  return `must be no more than ${limit} characters`;
}

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
