import type { ObjectKey } from '../../kubernetes.js';
import type { Problem } from '../../problem.js';
import { isAbsent, isPort, recordOf, textOf } from '../untrusted.js';

/** What a path or an Ingress names as its backend. */
export type BackendReference =
  | {
      readonly kind: 'service';
      readonly service: ObjectKey;
      /** Service port: a number, or a name. */
      readonly port: number | string;
      /** Of the `service` in the Ingress. */
      readonly field: string;
    }
  /** It can never be routed, whatever the cluster's Services; its requests get 503. */
  | { readonly kind: 'unavailable'; readonly namespace: string };

export interface BackendReading {
  readonly backend: BackendReference;
  readonly problem?: Problem;
}

const SERVICE_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
/** With a letter: it can never be taken for a number. */
const PORT_NAME = /^(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Exactly one of `service` (same namespace) and `resource`, and of `port.name` and `port.number` (networking.k8s.io/v1). */
export function readBackend(value: unknown, namespace: string, field: string): BackendReading {
  const unavailable = (reason: Problem['reason'], at: string, message: string): BackendReading => ({
    backend: { kind: 'unavailable', namespace },
    problem: { reason, field: at, message: `${message} Until then its requests get 503.` },
  });
  const { service, resource } = recordOf(value) ?? {};
  if (isAbsent(service) === isAbsent(resource)) {
    return unavailable('InvalidBackend', field, 'The backend must be a service or a resource; give one of the two.');
  }
  if (isAbsent(service)) {
    const { kind, name } = recordOf(resource) ?? {};
    const text = `The backend is a resource (${textOf(kind) ?? '?'} ${textOf(name) ?? '?'}), and only Services are routed`;
    return unavailable('ResourceBackendNotSupported', `${field}.resource`, `${text}; name a Service.`);
  }
  const name = textOf(recordOf(service)?.name);
  if (name === undefined || name.length > 253 || !SERVICE_NAME.test(name)) {
    return unavailable('InvalidBackend', `${field}.service.name`, 'The backend names no Service; give its name.');
  }
  const port = readPort(recordOf(recordOf(service)?.port) ?? {});
  if (port === undefined) {
    const message = `The backend Service ${namespace}/${name} needs either a port number (1 to 65535) or a port name; give one of the two.`;
    return unavailable('InvalidBackend', `${field}.service.port`, message);
  }
  return { backend: { kind: 'service', service: `${namespace}/${name}`, port, field: `${field}.service` } };
}

function readPort({ number, name }: Readonly<Record<string, unknown>>): number | string | undefined {
  if (isAbsent(number) === isAbsent(name)) return undefined;
  if (isPort(number)) return number;
  return typeof name === 'string' && name.length <= 63 && PORT_NAME.test(name) ? name : undefined;
}
