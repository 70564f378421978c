import type { ResourceDefinition } from '../../api-server/resource-definition.js';

export function openApiV2(_definitions: readonly ResourceDefinition[]): Record<string, unknown> {
  return {};
}

export function openApiV3(_groupVersion: string, _definitions: readonly ResourceDefinition[]): Record<string, unknown> {
  return {};
}
