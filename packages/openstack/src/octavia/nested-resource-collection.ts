import type { CallOptions } from '../api/call-options.js';
import { ResourceCollection, type ResourceKind } from '../api/resource-collection.js';
import type { ServiceClient } from '../transport/service-client.js';
import type { NestedCollection } from './octavia-client.js';

/** Objects below others: members of pools, rules of policies. */
export class NestedResourceCollection<T extends { readonly id: string }, Create, Update, Filter extends object>
  implements NestedCollection<T, Create, Update, Filter>
{
  /** @param kindOf The kind with the path for one parent, whose id is encoded. */
  constructor(
    private readonly client: ServiceClient,
    private readonly kindOf: (parentId: string) => ResourceKind<T>,
  ) {}

  list(parentId: string, filter?: Filter, options?: CallOptions): Promise<readonly T[]> {
    return this.#below(parentId).list(filter, options);
  }

  get(parentId: string, id: string, options?: CallOptions): Promise<T> {
    return this.#below(parentId).get(id, options);
  }

  create(parentId: string, fields: Create, options?: CallOptions): Promise<T> {
    return this.#below(parentId).create(fields, options);
  }

  update(parentId: string, id: string, fields: Update, options?: CallOptions): Promise<T> {
    return this.#below(parentId).update(id, fields, options);
  }

  delete(parentId: string, id: string, options?: CallOptions): Promise<void> {
    return this.#below(parentId).delete(id, options);
  }

  #below(parentId: string): ResourceCollection<T, Create, Update, Filter> {
    return new ResourceCollection(this.client, this.kindOf(encodeURIComponent(parentId)));
  }
}
