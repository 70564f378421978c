import { groupVersionOf, type ResourceDefinition } from '../../api-server/resource-definition.js';
import { componentsOf, type OpenApiVersion } from './components.js';
import { pathsOf } from './paths.js';

/** The version of Kubernetes whose kinds are described: that of client-node's models. */
const INFO = { title: 'Kubernetes', version: 'v1.34.0' };

/** The Swagger 2.0 document. client-go asks for it in a binary form only; kubectl has used OpenAPI 3 since 1.27. */
export function openApiV2(definitions: readonly ResourceDefinition[]): Record<string, unknown> {
  return {
    swagger: '2.0',
    info: INFO,
    paths: allPaths('v2', definitions),
    definitions: componentsOf('v2', definitions),
  };
}

/** The OpenAPI 3 document of one group version, e.g. `v1` or `apps/v1`. */
export function openApiV3(groupVersion: string, definitions: readonly ResourceDefinition[]): Record<string, unknown> {
  const resources = definitions.filter((definition) => groupVersionOf(definition) === groupVersion);
  return {
    openapi: '3.0.0',
    info: INFO,
    paths: allPaths('v3', resources),
    components: { schemas: componentsOf('v3', resources) },
  };
}

function allPaths(version: OpenApiVersion, resources: readonly ResourceDefinition[]): Record<string, unknown> {
  return Object.assign({}, ...resources.map((resource) => pathsOf(version, resource)));
}
