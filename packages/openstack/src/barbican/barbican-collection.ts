import type { Read } from '../answer/answer-reader.js';
import type { CallOptions } from '../api/call-options.js';
import type { ServiceClient } from '../transport/service-client.js';
import { type AccessList, readAccessList } from './access-list.js';
import { idOfReference } from './secret.js';

/** Barbican's own default is 10, its most 100. */
const PAGE_SIZE = 100;

/** What secrets and containers have in common. Lists go on by offset. */
export class BarbicanCollection<T> {
  /** @param kind As in paths and lists. */
  constructor(
    protected readonly barbican: ServiceClient,
    private readonly kind: 'secrets' | 'containers',
    private readonly read: Read<T>,
  ) {}

  async list(filter: { readonly limit?: number } = {}, options: CallOptions = {}): Promise<readonly T[]> {
    const items: T[] = [];
    for (let more = true; more; ) {
      const query = { limit: PAGE_SIZE, ...filter, offset: items.length };
      const page = await this.barbican.request('GET', this.path, { ...options, query }, (answer) => {
        const reader = answer.reader();
        return { items: reader.requiredList(this.kind, this.read), next: reader.stringOrNull('next') };
      });
      items.push(...page.items);
      more = page.next !== null && page.items.length > 0;
    }
    return items;
  }

  get(reference: string, options: CallOptions = {}): Promise<T> {
    return this.barbican.request('GET', this.pathOf(reference), options, (answer) => this.read(answer.reader()));
  }

  delete(reference: string, options: CallOptions = {}): Promise<void> {
    return this.barbican.request('DELETE', this.pathOf(reference), options, () => undefined);
  }

  accessList(reference: string, options: CallOptions = {}): Promise<AccessList> {
    return this.barbican.request('GET', `${this.pathOf(reference)}/acl`, options, (answer) =>
      readAccessList(answer.reader()),
    );
  }

  setAccessList(reference: string, read: AccessList, options: CallOptions = {}): Promise<void> {
    const request = { ...options, body: { read } };
    return this.barbican.request('PUT', `${this.pathOf(reference)}/acl`, request, () => undefined);
  }

  protected get path(): string {
    return `/v1/${this.kind}`;
  }

  protected pathOf(reference: string): string {
    return `${this.path}/${encodeURIComponent(idOfReference(reference))}`;
  }
}
