import { ApiFault } from '../http/api-fault.js';
import type { ApiAnswer, AuthenticatedRequest } from '../http/exchange.js';

export type View = Readonly<Record<string, unknown>>;

const AUXILIARY = ['limit', 'marker', 'sort_key', 'sort_dir', 'fields', 'page_reverse'];
const TAG_FILTERS = ['tags', 'tags-any', 'not-tags', 'not-tags-any'];

/** Whether the caller sees an object: Neutron hides what is another project's (404), where Octavia forbids it. */
export function isVisible({ caller }: AuthenticatedRequest, projectId: string, shared = false): boolean {
  return shared || caller.projectId === projectId || caller.roles.includes('admin');
}

/** Finds an object for the caller. @throws ApiFault 404 */
export function findVisible<T extends { project_id: string }>(
  request: AuthenticatedRequest,
  objects: ReadonlyMap<string, T>,
  { id, title, shared }: { id: string; title: string; shared?: (object: T) => boolean },
): T {
  const found = objects.get(id);
  if (found === undefined || !isVisible(request, found.project_id, shared?.(found))) {
    throw new ApiFault(404, `${title} ${id} could not be found.`, `${title.replaceAll(' ', '')}NotFound`);
  }
  return found;
}

/** Answers a list: filters by any field, tags, chosen fields; pages where a limit is asked for. */
export function neutronList(request: AuthenticatedRequest, name: string, views: readonly View[]): ApiAnswer {
  const { query } = request;
  const filters = [...new Set(query.keys())].filter((key) => !AUXILIARY.includes(key) && !TAG_FILTERS.includes(key));
  const [known] = views;
  const unknown = known === undefined ? [] : filters.filter((key) => !Object.hasOwn(known, key) && key !== 'fixed_ips');
  if (unknown.length > 0) {
    const names = unknown.map((key) => `'${key}'`).join(', ');
    throw new ApiFault(400, `[${names}] is invalid attribute for filtering`, 'HTTPBadRequest');
  }
  const found = views
    .filter((view) =>
      filters.every((key) =>
        key === 'fixed_ips' ? hasFixedIp(view[key], query.getAll(key)) : matches(view[key], query.getAll(key)),
      ),
    )
    .filter(withTags(query));
  const marker = query.get('marker');
  const start = marker === null ? 0 : found.findIndex(({ id }) => id === marker) + 1;
  const limit = query.get('limit');
  const page = found.slice(start, limit === null ? undefined : start + Number(limit));
  const fields = query.getAll('fields');
  const shown = page.map((view) =>
    fields.length === 0 ? view : Object.fromEntries(Object.entries(view).filter(([key]) => fields.includes(key))),
  );
  const last = page.at(-1);
  const links =
    limit === null || last === undefined || page.length < Number(limit)
      ? []
      : [{ rel: 'next', href: `${request.serviceUrl}${request.path}?limit=${limit}&marker=${String(last.id)}` }];
  return { status: 200, body: { [name]: shown, ...(limit !== null && { [`${name}_links`]: links }) } };
}

/** `ip_address=…` and `subnet_id=…`: one address has to fit both; of several values of one, any. */
function hasFixedIp(addresses: unknown, wanted: readonly string[]): boolean {
  if (!Array.isArray(addresses)) return false;
  const values = new Map<string, readonly string[]>();
  for (const text of wanted) {
    const [name = '', value = ''] = text.split('=');
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return addresses.some((address: Readonly<Record<string, string>>) =>
    [...values].every(([name, alternatives]) => alternatives.includes(address[name] ?? '')),
  );
}

/** A filter given several times takes any of its values. */
function matches(value: unknown, wanted: readonly string[]): boolean {
  if (typeof value === 'boolean') return wanted.some((text) => (text.toLowerCase() === 'true') === value);
  if (Array.isArray(value)) return value.some((one) => wanted.includes(String(one)));
  return wanted.includes(value === null ? '' : String(value));
}

function withTags(query: URLSearchParams): (view: View) => boolean {
  const wanted = (name: string) => query.getAll(name).flatMap((text) => text.split(','));
  return ({ tags: value }) => {
    const tags: readonly unknown[] = Array.isArray(value) ? value : [];
    const has = (tag: string) => tags.includes(tag);
    return (
      (!query.has('tags') || wanted('tags').every(has)) &&
      (!query.has('tags-any') || wanted('tags-any').some(has)) &&
      (!query.has('not-tags') || !wanted('not-tags').every(has)) &&
      (!query.has('not-tags-any') || !wanted('not-tags-any').some(has))
    );
  };
}
