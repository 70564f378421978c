import type { Read } from '../answer/answer-reader.js';
import type { ServiceAnswer } from '../transport/service-answer.js';
import type { ServiceClient } from '../transport/service-client.js';
import type { CallOptions } from './call-options.js';
import type { Collection } from './collection.js';
import { filterParts } from './filter-parts.js';
import { listPages } from './list-pages.js';

/** A kind of object as Octavia and Neutron have them. */
export interface ResourceKind<T> {
  /** Of the list, e.g. `/v2/lbaas/pools`. */
  readonly path: string;
  /** Name of one in a body, e.g. `pool`. */
  readonly singular: string;
  /** Name of the list in an answer, e.g. `pools`. */
  readonly plural: string;
  readonly read: Read<T>;
}

/** Reads, makes, changes and deletes objects of one kind. */
export class ResourceCollection<T extends { readonly id: string }, Create, Update, Filter extends object>
  implements Collection<T, Create, Update, Filter>
{
  constructor(
    private readonly client: ServiceClient,
    private readonly kind: ResourceKind<T>,
  ) {}

  list(filter?: Filter, options: CallOptions = {}): Promise<readonly T[]> {
    return this.listBy(filter ?? {}, options);
  }

  get(id: string, options: CallOptions = {}): Promise<T> {
    return this.client.request('GET', this.pathOf(id), options, (answer) => this.#readOne(answer));
  }

  create(fields: Create, options: CallOptions = {}): Promise<T> {
    const { path } = this.kind;
    return this.client.request('POST', path, this.#withBody(fields, options), (answer) => this.#readOne(answer));
  }

  update(id: string, fields: Update, options: CallOptions = {}): Promise<T> {
    const path = this.pathOf(id);
    return this.client.request('PUT', path, this.#withBody(fields, options), (answer) => this.#readOne(answer));
  }

  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.client.request('DELETE', this.pathOf(id), options, () => undefined);
  }

  /** One that fits values of several parts is in the lists of each. */
  protected async listBy(whole: object, options: CallOptions): Promise<readonly T[]> {
    const { path, plural, read } = this.kind;
    const lists = filterParts(whole).map((filter) =>
      listPages({ client: this.client, path, plural, read, filter }, options),
    );
    const found = (await Promise.all(lists)).flat();
    return lists.length === 1 ? found : [...new Map(found.map((one) => [one.id, one])).values()];
  }

  protected pathOf(id: string): string {
    return `${this.kind.path}/${encodeURIComponent(id)}`;
  }

  #withBody(fields: Create | Update, options: CallOptions) {
    return { ...options, body: { [this.kind.singular]: fields } };
  }

  #readOne(answer: ServiceAnswer): T {
    return answer.reader().object(this.kind.singular, this.kind.read);
  }
}
