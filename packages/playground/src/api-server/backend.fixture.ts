import type { ObjectReference, WatchEvent } from './api-client.js';
import { ApiError, type ApiStatus } from './api-error.js';
import type { AdmissionHook, Backend } from './backend.js';
import { serveCustomResources } from './custom-resources.js';
import { LocalClient } from './local-client.js';
import { ResourceRegistry } from './resource-registry.js';
import { BUILT_IN_RESOURCES } from './resources.js';
import { TRIVIAL_SCHEMA } from './schema.fixture.js';
import { Storage } from './storage.js';

export const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
export const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' };
export const PODS = { group: '', version: 'v1', plural: 'pods' };
export const INGRESSES = { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses' };
export const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

export class TestBackend implements Backend {
  readonly storage: Storage;
  readonly registry = new ResourceRegistry(BUILT_IN_RESOURCES);
  readonly schema = TRIVIAL_SCHEMA;
  readonly admissionHooks: AdmissionHook[] = [];
  /** Time stands still until a test moves it. */
  milliseconds = Date.UTC(2026, 0, 1);
  readonly clock = { now: () => this.milliseconds };
  readonly client: LocalClient;

  constructor(historyLimit = 1000) {
    this.storage = new Storage(historyLimit);
    this.client = new LocalClient(this);
    serveCustomResources(this);
    this.client.create(NAMESPACES, '', { metadata: { name: 'default' } });
  }

  /** Creates a ConfigMap in `default`. */
  configMap(
    name: string,
    more: { labels?: Record<string, string>; data?: Record<string, string>; finalizers?: string[] } = {},
  ) {
    const { data, ...metadata } = more;
    return this.client.create(CONFIG_MAPS, 'default', { metadata: { name, ...metadata }, ...(data && { data }) });
  }

  /** Watches ConfigMaps; the texts are like `ADDED a`. */
  watchConfigMaps(options: Parameters<LocalClient['watch']>[1] = {}): string[] {
    const seen: string[] = [];
    this.client.watch(CONFIG_MAPS, options, (event) => seen.push(eventText(event)));
    return seen;
  }
}

export function at(resource: typeof CONFIG_MAPS, name: string, namespace = 'default'): ObjectReference {
  return { ...resource, namespace, name };
}

export function eventText({ type, object }: WatchEvent): string {
  return object.metadata.name === '' ? type : `${type} ${object.metadata.name}`;
}

/** The Status that the action is refused with. */
export function statusOf(action: () => unknown): ApiStatus {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  throw new Error('the action was not refused');
}
