import { invalid } from '../api-server/api-error.js';
import type { AdmissionHook } from '../api-server/backend.js';
import type { ClusterContext } from './cluster-context.js';
import { keyOf } from './kinds/resource.js';
import { SERVICES, type Service, type ServicePort, type ServiceSpec } from './kinds/service.js';
import type { Lookup } from './object-cache.js';

/** First two bytes of the addresses of Services, where nothing else is asked for. */
export const SERVICE_NETWORK = '10.96';

/** The first of the network: the API server itself. */
export function kubernetesServiceAddress(network: string): string {
  return `${network}.0.1`;
}

const ADDRESS_COUNT = 0xffff;
const FIRST_NODE_PORT = 30_000;
const NODE_PORT_COUNT = 2_768;

type Cause = Parameters<typeof invalid>[2][number];

/**
 * Assigns cluster addresses and node ports while a Service is written, as the API server of a cluster does. They stay while the Service
 * lives; one that somebody asks for must be free and within the range.
 */
export class ServiceAddresses {
  readonly #services: Lookup<Service>;
  #lastAddress = 1;
  #lastNodePort = -1;

  /** @param network first two bytes of a network of 16 bits */
  constructor(
    cluster: ClusterContext,
    private readonly network = SERVICE_NETWORK,
  ) {
    this.#services = cluster
      .cache(SERVICES)
      .indexBy(({ spec }) => [spec.clusterIP ?? '', ...(spec.ports ?? []).map(({ nodePort }) => String(nodePort))]);
  }

  readonly hook: AdmissionHook = (definition, object, old) => {
    if (definition.storage !== 'services') return object;
    // Validated just before as what its definition says.
    const service = object as Service;
    const spec = this.#assigned(service, (old as Service | undefined)?.spec);
    return { ...service, spec };
  };

  #assigned(service: Service, old: ServiceSpec | undefined): ServiceSpec {
    if (service.spec.type === 'ExternalName') {
      const { clusterIP: _address, clusterIPs: _addresses, ...spec } = service.spec;
      return { ...spec, ...(spec.ports === undefined ? {} : { ports: spec.ports.map(withoutNodePort) }) };
    }
    const clusterIP = this.#clusterAddress(service, old);
    const families = clusterIP === 'None' ? {} : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
    return { ...families, ...service.spec, clusterIP, clusterIPs: [clusterIP], ...this.#ports(service, old) };
  }

  #clusterAddress(service: Service, old: ServiceSpec | undefined): string {
    const asked = service.spec.clusterIP ?? service.spec.clusterIPs?.[0] ?? '';
    const had = old?.clusterIP ?? '';
    if (asked === 'None' || (asked !== '' && asked === had)) return asked;
    if (asked === '') return had !== '' && had !== 'None' ? had : this.#freeAddress();
    const { network } = this;
    if (!asked.startsWith(`${network}.`) || asked === `${network}.0.0`) {
      const message = `The provided IP (${asked}) is not in the valid range. The range of valid IPs is ${network}.0.0/16`;
      throw refusal(service, 'spec.clusterIPs', [asked], `failed to allocate IP ${asked}: ${message}`);
    }
    if (this.#takenByAnother(asked, service)) {
      throw refusal(
        service,
        'spec.clusterIPs',
        [asked],
        `failed to allocate IP ${asked}: provided IP is already allocated`,
      );
    }
    return asked;
  }

  #ports(service: Service, old: ServiceSpec | undefined): { readonly ports?: readonly ServicePort[] } {
    const { ports, type, allocateLoadBalancerNodePorts: forLoadBalancer = true } = service.spec;
    if (ports === undefined) return {};
    if (type !== 'NodePort' && type !== 'LoadBalancer') return { ports: ports.map(withoutNodePort) };
    const wanted = type === 'NodePort' || forLoadBalancer;
    const taken = new Set<number>();
    const assigned = ports.map((port, index) => {
      const before = old?.ports?.find((one) => one.port === port.port && one.protocol === port.protocol)?.nodePort;
      const asked = port.nodePort ?? 0;
      if (asked !== 0 && asked !== before) this.#checkNodePort(service, index, asked);
      const nodePort = asked !== 0 ? asked : wanted ? (before ?? this.#freeNodePort(taken)) : undefined;
      if (nodePort === undefined) return port;
      taken.add(nodePort);
      return { ...port, nodePort };
    });
    return { ports: assigned };
  }

  #checkNodePort(service: Service, index: number, asked: number): void {
    const field = `spec.ports[${index}].nodePort`;
    if (asked < FIRST_NODE_PORT || asked >= FIRST_NODE_PORT + NODE_PORT_COUNT) {
      const range = `${FIRST_NODE_PORT}-${FIRST_NODE_PORT + NODE_PORT_COUNT - 1}`;
      throw refusal(
        service,
        field,
        asked,
        `provided port is not in the valid range. The range of valid ports is ${range}`,
      );
    }
    if (this.#takenByAnother(String(asked), service)) {
      throw refusal(service, field, asked, 'provided port is already allocated');
    }
  }

  /** An address that was given back is the last to be given out again. */
  #freeAddress(): string {
    for (let tried = 0; tried < ADDRESS_COUNT; tried += 1) {
      this.#lastAddress = (this.#lastAddress % (ADDRESS_COUNT - 1)) + 1;
      const address = `${this.network}.${this.#lastAddress >> 8}.${this.#lastAddress & 0xff}`;
      if (address !== kubernetesServiceAddress(this.network) && this.#services.get(address).length === 0)
        return address;
    }
    throw new RangeError(`every address of ${this.network}.0.0/16 is taken: delete Services`);
  }

  #freeNodePort(taken: ReadonlySet<number>): number {
    for (let tried = 0; tried < NODE_PORT_COUNT; tried += 1) {
      this.#lastNodePort = (this.#lastNodePort + 1) % NODE_PORT_COUNT;
      const port = FIRST_NODE_PORT + this.#lastNodePort;
      if (!taken.has(port) && this.#services.get(String(port)).length === 0) return port;
    }
    throw new RangeError('every node port is taken: delete Services of type NodePort or LoadBalancer');
  }

  #takenByAnother(value: string, service: Service): boolean {
    return this.#services.get(value).some((other) => keyOf(other) !== keyOf(service));
  }
}

function withoutNodePort({ nodePort: _nodePort, ...port }: ServicePort): ServicePort {
  return port;
}

function refusal(service: Service, field: string, value: unknown, why: string): Error {
  const cause: Cause = {
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  };
  return invalid(SERVICES, service.metadata.name, [cause]);
}
