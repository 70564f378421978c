import { ApiFault } from '../http/api-fault.js';

/** A collection as a service lists it. */
export interface Collection<T> {
  /** Name of the list in the answer, e.g. `l7policies`. */
  readonly name: string;
  readonly items: readonly T[];
  /** An item as it is answered. */
  readonly view: (item: T) => Readonly<Record<string, unknown>>;
  /** Fields that can be filtered by and are not in the view, e.g. a listener's `loadbalancer_id`. */
  readonly hidden?: (item: T) => Readonly<Record<string, unknown>>;
  /** All fields that can be filtered by; needed to tell unknown ones where there are no items. */
  readonly fields: readonly string[];
  /** Address of the list, for the links. */
  readonly url: string;
}

/** Octavia's page where none is asked for. */
const DEFAULT_PAGE = 1000;

/** What is no filter. */
const AUXILIARY = ['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'fields', 'page_reverse'];
const TAG_FILTERS = ['tags', 'tags-any', 'not-tags', 'not-tags-any'];

interface Listed {
  readonly view: Readonly<Record<string, unknown>>;
  readonly all: Readonly<Record<string, unknown>>;
}

/** Answers a list as Octavia does: filters, tags, order, pages with links, chosen fields. */
export function listAnswer<T>(collection: Collection<T>, query: URLSearchParams): Record<string, unknown> {
  const limit = pageLimit(query.get('limit'));
  const order = sortOrder(query);
  const all = collection.items.map((item): Listed => {
    const view = collection.view(item);
    return { view, all: { ...view, ...collection.hidden?.(item) } };
  });
  const found = filtered(all, collection.fields, query).sort(comparison(order, collection.fields));
  const marker = query.get('marker');
  const page = pageAfter(found, all, marker).slice(0, limit);
  return {
    [collection.name]: page.map(({ view }) => chosen(view, query.getAll('fields'))),
    [`${collection.name}_links`]: links(collection.url, page, { query, limit, marker }),
  };
}

/** Only the fields that the query names, where it names some. */
export function chosen(
  view: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Readonly<Record<string, unknown>> {
  if (fields.length === 0) return view;
  return Object.fromEntries(Object.entries(view).filter(([name]) => fields.includes(name)));
}

function pageLimit(text: string | null): number | undefined {
  if (text === null) return DEFAULT_PAGE;
  if (text === 'infinite') return undefined;
  if (!/^[-+]?\d+$/.test(text)) throw new ApiFault(400, `Supplied pagination limit '${text}' is not valid.`, 'early');
  return Number(text) < 1 ? undefined : Math.min(Number(text), DEFAULT_PAGE);
}

interface SortKey {
  readonly field: string;
  readonly direction: string;
}

/** Default: by creation, then id; time of creation is in whole seconds, so that the order within one is random. */
function sortOrder(query: URLSearchParams): readonly SortKey[] {
  const sort = query.get('sort');
  const directions = query.get('sort_dir')?.split(',') ?? [];
  const wanted =
    sort === null
      ? (query.get('sort_key')?.split(',') ?? []).map((field, index) => ({
          field,
          direction: directions[index] ?? 'asc',
        }))
      : sort.split(',').map((part) => {
          const [field = '', direction = 'asc'] = part.split(':');
          return { field, direction };
        });
  for (const { direction } of wanted) {
    if (!['asc', 'desc'].includes(direction.toLowerCase())) {
      throw new ApiFault(400, `Supplied sort direction '${direction}' is not valid.`, 'early');
    }
  }
  const rest = ['created_at', 'id'].filter((field) => !wanted.some((key) => key.field === field));
  return [...wanted, ...rest.map((field) => ({ field, direction: 'asc' }))];
}

function comparison(order: readonly SortKey[], fields: readonly string[]): (a: Listed, b: Listed) => number {
  for (const { field } of order) {
    if (!fields.includes(field)) throw new ApiFault(400, `Supplied sort key '${field}' is not valid.`);
  }
  return (a, b) => {
    for (const { field, direction } of order) {
      const [left, right] = [a.all[field] ?? '', b.all[field] ?? ''];
      if (left === right) continue;
      const ascending = left < right ? -1 : 1;
      return direction.toLowerCase() === 'desc' ? -ascending : ascending;
    }
    return 0;
  };
}

function filtered(items: readonly Listed[], fields: readonly string[], query: URLSearchParams): Listed[] {
  const names = [...new Set(query.keys())].filter((name) => !AUXILIARY.includes(name) && !TAG_FILTERS.includes(name));
  if (names.some((name) => !fields.includes(name))) {
    throw new ApiFault(400, 'One or more arguments are either duplicate or invalid');
  }
  if (names.some((name) => query.getAll(name).length > 1))
    throw new ApiFault(500, 'Operand should contain 1 column(s)');
  return items
    .filter(({ all }) => names.every((name) => matches(all[name], query.get(name) ?? '')))
    .filter(({ view }) => hasTags(view.tags, query));
}

function matches(value: unknown, wanted: string): boolean {
  if (typeof value === 'boolean') return value === ['1', 't', 'true', 'on', 'y', 'yes'].includes(wanted.toLowerCase());
  return value !== null && String(value) === wanted;
}

/** A comma always separates tags, so that one that has a comma is never found. */
function hasTags(value: unknown, query: URLSearchParams): boolean {
  const tags = Array.isArray(value) ? value : [];
  const wanted = (name: string) => query.getAll(name).flatMap((text) => text.split(','));
  const has = (tag: string) => tags.includes(tag);
  return (
    (!query.has('tags') || wanted('tags').every(has)) &&
    (!query.has('tags-any') || wanted('tags-any').some(has)) &&
    (!query.has('not-tags') || !wanted('not-tags').every(has)) &&
    (!query.has('not-tags-any') || !wanted('not-tags-any').some(has))
  );
}

function pageAfter(found: readonly Listed[], all: readonly Listed[], marker: string | null): readonly Listed[] {
  if (marker === null) return found;
  if (!all.some(({ all: { id } }) => id === marker)) {
    throw new ApiFault(400, `Supplied pagination marker '${marker}' is not valid.`);
  }
  const index = found.findIndex(({ all: { id } }) => id === marker);
  return index === -1 ? [] : found.slice(index + 1);
}

/** A full page has a next link, even where nothing follows. The links carry neither filters nor fields. */
function links(
  url: string,
  page: readonly Listed[],
  { query, limit, marker }: { query: URLSearchParams; limit: number | undefined; marker: string | null },
): { rel: string; href: string }[] {
  const [first, last] = [page.at(0), page.at(-1)];
  if (first === undefined || last === undefined) return [];
  const kept = ['sort', 'sort_key'].filter((name) => query.get(name)).map((name) => `${name}=${query.get(name)}`);
  const parameters = [`limit=${limit ?? 'None'}`, ...kept];
  const link = (rel: string, ...more: string[]) => ({ rel, href: `${url}?${[...parameters, ...more].join('&')}` });
  return [
    ...(marker === null ? [] : [link('previous', `marker=${String(first.all.id)}`, 'page_reverse=True')]),
    ...(limit === undefined || page.length >= limit ? [link('next', `marker=${String(last.all.id)}`)] : []),
  ];
}
