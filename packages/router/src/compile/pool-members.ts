import { isIP } from 'node:net';
import type { PoolRequest } from '../compilation.js';
import type { EndpointSlice, ObjectKey, Service } from '../kubernetes.js';
import type { Member } from '../model.js';
import { compareText } from '../policy-order.js';
import { elementsOf, isPort, keyOf, recordOf, textOf } from './untrusted.js';

export type AddressFamily = 'IPv4' | 'IPv6';

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** What an endpoint is good for. */
export interface EndpointState {
  readonly ready: boolean;
  /** Not ready any more, and still answering what it gets. */
  readonly leaving: boolean;
}

interface Endpoint extends EndpointState {
  readonly address: string;
  readonly port: number;
  readonly family: AddressFamily;
}

/** A port of a Service, as far as its endpoints are found by it. */
export type EndpointPort = NonNullable<PoolRequest['port']> & {
  /** @default 'TCP' */
  readonly protocol?: string;
};

/**
 * The members of a pool: the endpoints of one port of a Service, from all its EndpointSlices. Slices of other Services
 * may be among those given; they are passed over.
 *
 * As kube-proxy does, the ready endpoints, or, where none is, those that are terminating and still serve. A slice's port
 * belongs to the Service port of the same name, and its number may differ from slice to slice. Where the Service has
 * endpoints in both IP families, only those of the preferred one, because they are the same Pods.
 */
export function poolMembers(
  service: Service,
  port: EndpointPort,
  slices: Iterable<EndpointSlice>,
  addressFamily: AddressFamily,
): readonly Member[] {
  const key = keyOf(service);
  const endpoints = [...slices]
    .filter((slice) => slice.addressType !== 'FQDN' && serviceOfSlice(slice) === key)
    .flatMap((slice) => endpointsOf(slice, port));
  const preferred = endpoints.filter(({ family }) => family === addressFamily);
  const candidates = preferred.length > 0 ? preferred : endpoints;
  const ready = candidates.filter((endpoint) => endpoint.ready);
  const used = ready.length > 0 ? ready : candidates.filter((endpoint) => endpoint.leaving);
  const members = new Map(
    used.map(({ address, port: number }) => [
      `${address} ${number}`,
      { address, port: number, weight: 1, backup: false },
    ]),
  );
  return [...members.values()].sort((a, b) => compareText(a.address, b.address) || a.port - b.port);
}

/** The Service that a slice is of; it is in the same namespace. */
export function serviceOfSlice({ metadata }: EndpointSlice): ObjectKey | undefined {
  const { namespace, labels } = recordOf(metadata) ?? {};
  const name = textOf(recordOf(labels)?.[SERVICE_LABEL]);
  return name === undefined ? undefined : `${textOf(namespace) ?? ''}/${name}`;
}

/** By the conditions of an endpoint; one of which nothing is said is ready (discovery.k8s.io/v1). */
export function endpointState(conditions: unknown): EndpointState {
  const { ready, serving, terminating } = recordOf(conditions) ?? {};
  const isReady = ready !== false;
  return { ready: isReady, leaving: (typeof serving === 'boolean' ? serving : isReady) && terminating === true };
}

function endpointsOf(slice: EndpointSlice, port: EndpointPort): readonly Endpoint[] {
  const numbers = elementsOf(slice.ports).flatMap((value): readonly number[] => {
    const { name, port: number, protocol } = recordOf(value) ?? {};
    const isOfPort = (textOf(name) ?? '') === (port.name ?? '');
    return isOfPort && (textOf(protocol) ?? 'TCP') === (port.protocol ?? 'TCP') && isPort(number) ? [number] : [];
  });
  return elementsOf(slice.endpoints).flatMap((value): readonly Endpoint[] => {
    const { addresses, conditions } = recordOf(value) ?? {};
    // All addresses of an endpoint mean the same Pod; consumers are to use the first (discovery.k8s.io/v1).
    const address = textOf(elementsOf(addresses)[0]) ?? '';
    const version = address.includes('%') ? 0 : isIP(address);
    if (version === 0) return [];
    const state = endpointState(conditions);
    return numbers.map((number) => ({ address, port: number, family: version === 4 ? 'IPv4' : 'IPv6', ...state }));
  });
}
