/** Values of one header: none, one, or one of each occurrence. */
export type HeaderValue = string | readonly string[] | undefined;

/** A request, as far as routing sees it. */
export interface RouteRequest {
  /** The Host header as sent, port and case included; '' where there is none. */
  readonly host: string;
  /** As sent, neither decoded nor merged, and without the query. */
  readonly path: string;
  /** With the question mark; only for the location of a redirect. */
  readonly query?: string;
  /** Names in lower case, as node:http gives them. */
  readonly headers?: Readonly<Record<string, HeaderValue>>;
}

/** A host without the port that may follow it; the port may be empty after its colon (RFC 9110, 4.2.3; RFC 3986, 3.2.3). */
export function withoutPort(host: string): string {
  return host.replace(/:[0-9]*$/, '');
}

/** @param name in lower case */
export function headerOf({ headers = {} }: RouteRequest, name: string): HeaderValue {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

/** HAProxy takes a repeated header, and one with commas, as several values, each of which may match. */
export function headerValues(value: HeaderValue): readonly string[] {
  if (value === undefined) return [];
  const lines = typeof value === 'string' ? [value] : value;
  return lines.flatMap((line) => line.split(',')).map((part) => part.trim());
}

/** Values of a cookie; names and values are case-sensitive. */
export function cookieValues(cookieHeader: HeaderValue, name: string): readonly string[] {
  const lines = typeof cookieHeader === 'string' ? [cookieHeader] : (cookieHeader ?? []);
  return lines
    .flatMap((line) => line.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
