import { isTags } from '../transport/query.js';

/**
 * Characters that the values of one parameter may have in a request. WSGI servers refuse a request line of more than 8 KiB
 * (eventlet), or a head of more than 4 KiB, with the token in it (uWSGI, unless `buffer-size` says otherwise).
 */
const LIMIT = 3_000;

/**
 * A filter -> filters that are short enough to be asked for one by one, which together find the same. Of the parameter with
 * the most values each has some, as they are alternatives; several tags are not.
 */
export function filterParts(filter: object): readonly object[] {
  const lists = Object.entries(filter).filter(
    (entry): entry is [string, readonly unknown[]] => !isTags(entry[0]) && Array.isArray(entry[1]),
  );
  const [longest] = lists.sort(([, one], [, other]) => other.length - one.length);
  if (longest === undefined) return [filter];
  const [name, values] = longest;
  const parts: unknown[][] = [[]];
  let length = 0;
  for (const value of values) {
    const more = `&${name}=${encodeURIComponent(String(value))}`.length;
    if (length > 0 && length + more > LIMIT) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(value);
    length += more;
  }
  return parts.map((part) => ({ ...filter, [name]: part }));
}
