/**
 * Sets parameters of a request; `undefined` ones are left out. Several tags are one parameter with commas, as all services
 * take them; of anything else, one parameter each.
 */
export function setQuery(url: URL, query: object = {}): void {
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    if (value === undefined) continue;
    const values = (Array.isArray(value) ? value : [value]).map(String);
    if (isTags(name)) url.searchParams.set(name, values.join(','));
    else for (const each of values) url.searchParams.append(name, each);
  }
}

/** Whether a parameter names tags: an object has to fit all of its values together. */
export function isTags(name: string): boolean {
  return /tags/.test(name);
}
