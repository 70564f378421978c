import { groupVersionOf, type ResourceDefinition } from '../../api-server/resource-definition.js';
import type { JsonObject } from '../json.js';
import type { OpenApiVersion } from './components.js';

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly action: string;
}

const COLLECTION: readonly Operation[] = [
  { method: 'get', action: 'list' },
  { method: 'post', action: 'post' },
];
const ITEM: readonly Operation[] = [
  { method: 'get', action: 'get' },
  { method: 'put', action: 'put' },
  { method: 'patch', action: 'patch' },
  { method: 'delete', action: 'delete' },
];
const STATUS: readonly Operation[] = ITEM.filter((operation) => operation.method !== 'delete');

/**
 * The paths of a resource with the operations and query parameters that clients look for: kubectl leaves validation to the
 * server when the PATCH of a kind has `fieldValidation`, and `kubectl explain` finds a resource's kind by its paths.
 */
export function pathsOf(version: OpenApiVersion, resource: ResourceDefinition): JsonObject {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${groupVersionOf(resource)}`;
  const collection = `${root}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
  const paths: Record<string, JsonObject> = {
    [collection]: operations(version, resource, COLLECTION),
    [`${collection}/{name}`]: operations(version, resource, ITEM),
  };
  if (resource.namespaced) {
    paths[`${root}/${resource.plural}`] = operations(version, resource, [{ method: 'get', action: 'list' }]);
  }
  if (resource.subresources.includes('status')) {
    paths[`${collection}/{name}/status`] = operations(version, resource, STATUS);
  }
  return paths;
}

function operations(
  version: OpenApiVersion,
  { group, kind, version: apiVersion }: ResourceDefinition,
  offered: readonly Operation[],
): JsonObject {
  const entries = offered.map(({ method, action }) => [
    method,
    {
      parameters: parametersOf(version, method),
      responses: { '200': { description: 'OK' } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, kind, version: apiVersion },
    },
  ]);
  return Object.fromEntries(entries);
}

function parametersOf(version: OpenApiVersion, method: Operation['method']): readonly JsonObject[] {
  switch (method) {
    case 'post':
    case 'put':
      return [text(version, 'dryRun'), text(version, 'fieldManager'), text(version, 'fieldValidation')];
    case 'patch': {
      const force = parameter(version, 'force', 'boolean');
      return [text(version, 'dryRun'), text(version, 'fieldManager'), text(version, 'fieldValidation'), force];
    }
    case 'delete':
      return [text(version, 'dryRun')];
    default:
      return [];
  }
}

function text(version: OpenApiVersion, name: string): JsonObject {
  return parameter(version, name, 'string');
}

function parameter(version: OpenApiVersion, name: string, type: string): JsonObject {
  const place = { name, in: 'query', description: DESCRIPTIONS[name] ?? name };
  return version === 'v2' ? { ...place, type, uniqueItems: true } : { ...place, schema: { type, uniqueItems: true } };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  dryRun: '`All`: everything is checked, nothing is stored.',
  fieldManager: 'Name of the client, recorded in managedFields.',
  fieldValidation: 'What happens to unknown fields: Ignore, Warn or Strict.',
  force: 'Server-side apply takes fields from their managers.',
};
