/** Where an option's value came from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'command line'; readonly flag?: string };

/** `default`, `/etc/kuryr/kuryr.conf:12`, `environment OS_INGRESS__L7_ROUTER_UUID` or `command line --debug`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'file':
      return `${origin.file}:${origin.line}`;
    case 'environment':
      return `environment ${origin.variable}`;
    case 'command line':
      return origin.flag === undefined ? 'command line' : `command line ${origin.flag}`;
  }
}
