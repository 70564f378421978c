import { createHash } from 'node:crypto';
import type { Backend } from './backend.js';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  KUBERNETES_VERSION,
  type Served,
} from './discovery.js';
import type { Exchange } from './exchange.js';
import { groupVersionOf } from './resource-definition.js';
import { REVIEW_RESOURCES } from './review.js';

/** As clients ask for it. The answer is called by a name with a dot, since `@` may not be in a Content-Type. */
const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/**
 * An OpenAPI v2 document that describes nothing: `swagger` (1) "2.0" and `info` (2) with a title (1) and a version (2). kubectl takes v2 as
 * protobuf only, and only to validate Lists and kinds that it finds nowhere else; told nothing, it leaves that to the server.
 */
const EMPTY_OPENAPI_V2 = '\n\x032.0\x12\x12\n\nKubernetes\x12\x041.34';

/** Answers what is not about objects: health, version, discovery and OpenAPI. Documents are kept until a custom resource comes or goes. */
export class ApiDocuments {
  readonly #backend: Backend;
  readonly #kept = new Map<string, unknown>();
  #generation = -1;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Whether the path is one of these; nothing is answered otherwise. Throws an ApiError (406). */
  answer(exchange: Exchange): boolean {
    const path = exchange.path.length > 1 ? exchange.path.replace(/\/+$/, '') : exchange.path;
    if (isHealthPath(path)) {
      exchange.sendText(200, 'ok');
      return true;
    }
    if (path === '/openapi/v2' && exchange.request.headers.accept === OPENAPI_V2_PROTOBUF) {
      exchange.sendText(200, EMPTY_OPENAPI_V2, OPENAPI_V2_PROTOBUF.replace('@', '.'));
      return true;
    }
    const document = this.#document(path, exchange);
    if (document === undefined) return false;
    exchange.send(200, document);
    return true;
  }

  #document(path: string, exchange: Exchange): unknown {
    const served: Served = { stored: this.#backend.registry.definitions, reviews: REVIEW_RESOURCES };
    const { stored } = served;
    switch (path) {
      case '/version':
        return KUBERNETES_VERSION;
      case '/':
        return {
          paths: [
            '/api',
            '/api/v1',
            '/apis',
            '/healthz',
            '/livez',
            '/openapi/v2',
            '/openapi/v3',
            '/readyz',
            '/version',
          ],
        };
      case '/api':
      case '/apis': {
        const { as, contentType } = exchange.representation;
        const root = path === '/api' ? 'api' : 'apis';
        const version = contentType.includes('v=v2beta1') ? 'v2beta1' : 'v2';
        if (as === 'APIGroupDiscoveryList')
          return this.#keep(`${path} ${version}`, () => aggregatedDiscovery(served, root, version));
        return path === '/api' ? apiVersions() : apiGroupList(served);
      }
      case '/openapi/v2':
        return this.#keep(path, () => this.#backend.schema.openApiV2(stored));
      case '/openapi/v3':
        return { paths: this.#keep(path, () => this.#openApiV3Paths()) };
    }
    const [, root, ...rest] = path.split('/');
    if (root === 'api' || root === 'apis') {
      const [group = '', version, ...more] = root === 'api' ? ['', ...rest] : rest;
      if (more.length > 0) return undefined;
      if (version === undefined) return apiGroup(served, group);
      return apiResourceList(served, groupVersionOf({ group, version }));
    }
    return root === 'openapi' ? this.#openApiV3(path) : undefined;
  }

  #openApiV3(path: string): unknown {
    const groupVersion = /^\/openapi\/v3\/apis?\/(.+)$/.exec(path)?.[1];
    const { definitions } = this.#backend.registry;
    if (groupVersion === undefined || !definitions.some((definition) => groupVersionOf(definition) === groupVersion))
      return undefined;
    return this.#keep(path, () => this.#backend.schema.openApiV3(groupVersion, definitions));
  }

  /** By path, e.g. `apis/apps/v1`. The hash in the address changes when the document does. */
  #openApiV3Paths(): Record<string, unknown> {
    const { definitions } = this.#backend.registry;
    return Object.fromEntries(
      [...new Set(definitions.map(groupVersionOf))].map((groupVersion) => {
        const described = JSON.stringify(
          definitions.filter((definition) => groupVersionOf(definition) === groupVersion),
        );
        const hash = createHash('sha256').update(described).digest('hex').toUpperCase();
        const path = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
        return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
      }),
    );
  }

  #keep<T>(key: string, make: () => T): T {
    const { generation } = this.#backend.registry;
    if (generation !== this.#generation) {
      this.#kept.clear();
      this.#generation = generation;
    }
    if (!this.#kept.has(key)) this.#kept.set(key, make());
    return this.#kept.get(key) as T;
  }
}

/** Answered to anybody, like `/version`. */
export function isHealthPath(path: string): boolean {
  return /^\/(healthz|livez|readyz)(\/[-a-z/]*)?$/.test(path);
}
