import type { CallOptions } from '../api/call-options.js';
import { ResourceCollection } from '../api/resource-collection.js';

/**
 * Objects of Octavia with a list of their own. One is read from that list, filtered by its id: for a GET of it Octavia loads
 * everything of its load balancer, for a list only the objects in it (its `get_all_API_list`). Measured on a load balancer
 * with 50 pools and 28 policies: 1.6 to 3 s of an API worker's time for the one, 0.08 s for the other.
 */
export class OctaviaCollection<
  T extends { readonly id: string },
  Create,
  Update,
  Filter extends object,
> extends ResourceCollection<T, Create, Update, Filter> {
  /** Who may not see it, or asks for what is not there, gets the answer of a GET, which says so. */
  override async get(id: string, options: CallOptions = {}): Promise<T> {
    const found = await this.listBy({ id }, options);
    return found.find((one) => one.id === id) ?? super.get(id, options);
  }
}
