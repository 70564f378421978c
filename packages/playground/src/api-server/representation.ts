import { notAcceptable } from './api-error.js';

/** How an answer is to be written: as what (`Table`, `PartialObjectMetadata`…, or as it is) and in which notation. */
export interface Representation {
  readonly as: 'Object' | 'Table' | 'PartialObjectMetadata' | 'APIGroupDiscoveryList';
  readonly notation: 'json' | 'yaml';
  /** The value of Content-Type. */
  readonly contentType: string;
}

const PLAIN: Representation = { as: 'Object', notation: 'json', contentType: 'application/json' };
const ACCEPTED = ['application/json', 'application/yaml'];

/** What can be asked for by `as=`, in which group and versions. */
const TRANSFORMS: Readonly<
  Record<string, { readonly as: Representation['as']; readonly group: string; readonly versions: readonly string[] }>
> = {
  Table: { as: 'Table', group: 'meta.k8s.io', versions: ['v1'] },
  PartialObjectMetadata: { as: 'PartialObjectMetadata', group: 'meta.k8s.io', versions: ['v1'] },
  PartialObjectMetadataList: { as: 'PartialObjectMetadata', group: 'meta.k8s.io', versions: ['v1'] },
  APIGroupDiscoveryList: { as: 'APIGroupDiscoveryList', group: 'apidiscovery.k8s.io', versions: ['v2', 'v2beta1'] },
};

/**
 * The first media type of an `Accept` header that can be answered; clients list protobuf, CBOR and newer forms first and JSON last.
 * Throws an ApiError (406).
 */
export function negotiate(accept: string | undefined): Representation {
  if (accept === undefined || accept.trim() === '') return PLAIN;
  for (const entry of accept.split(',')) {
    const representation = representationOf(entry);
    if (representation !== undefined) return representation;
  }
  throw notAcceptable(ACCEPTED);
}

function representationOf(entry: string): Representation | undefined {
  const [type = '', ...rest] = entry.split(';').map((part) => part.trim());
  const parameters = new Map(rest.map((parameter) => split(parameter)));
  if (type === '*/*' || type === 'application/*') return PLAIN;
  const notation = type === 'application/json' ? 'json' : type === 'application/yaml' ? 'yaml' : undefined;
  if (notation === undefined) return undefined;
  const asked = parameters.get('as');
  if (asked === undefined) return { as: 'Object', notation, contentType: type };
  const transform = TRANSFORMS[asked];
  const version = parameters.get('v') ?? '';
  if (transform === undefined || parameters.get('g') !== transform.group || !transform.versions.includes(version))
    return undefined;
  // The answer to discovery says in its Content-Type which form it has; that is how clients tell.
  const discovery = transform.as === 'APIGroupDiscoveryList' ? `;g=${transform.group};v=${version};as=${asked}` : '';
  return { as: transform.as, notation, contentType: `${type}${discovery}` };
}

function split(parameter: string): [string, string] {
  const equals = parameter.indexOf('=');
  return equals === -1 ? [parameter, ''] : [parameter.slice(0, equals).trim(), parameter.slice(equals + 1).trim()];
}
