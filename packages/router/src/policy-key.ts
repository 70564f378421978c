/**
 * Keys of policies: written here, and read where nothing else is known of a policy than its key. A key outlives what it
 * was made for on the router, so its forms do not change.
 */

/** The key of the policy that takes what no host's policies take. */
export const ROUTER_DEFAULT_KEY = '|RouterDefault|';

/**
 * @param host `www.example.com`, `*.example.com`, or '' for any host
 * @param path without blanks; a Prefix without trailing slash, `/` alone excepted
 */
export function pathKey(host: string, pathType: 'Exact' | 'Prefix', path: string): string {
  return `${host}|${pathType}|${path}`;
}

/** Of the policy for the rest of a host that its Ingress has a `defaultBackend` for. */
export function hostDefaultKey(host: string): string {
  return `${host}|Default|`;
}

/** Of the policy that keeps the rest of a host from less specific hosts. */
export function guardKey(host: string): string {
  return `${host}|NotFound|`;
}

/** Of a policy that stands in for another while that one is changed, and that nobody wants. */
export function standInKey(key: string, isTaken: (key: string) => boolean): string {
  const first = `${key}|StandIn`;
  let free = first;
  for (let number = 2; isTaken(free); number += 1) free = `${first}${number}`;
  return free;
}

/** Drivers may add what begins with a blank, to tell two policies of one key. */
const PATH_KEY = /^(?<host>[^|]*)\|(?:Exact\|(?<exact>.*?)|Prefix\|(?<prefix>.*?))(?:\|StandIn\d*)?(?: .*)?$/;

/**
 * The number of rules that a whole policy of the key has: one for hosts and one for paths, unless it takes any host or any
 * path. 1 for a key of another form.
 */
export function rulesOfKey(key: string): number {
  const { host = '', exact, prefix } = PATH_KEY.exec(key)?.groups ?? {};
  const asksForPaths = exact !== undefined || (prefix !== undefined && prefix !== '/');
  return host !== '' && asksForPaths ? 2 : 1;
}
