import { isDeepStrictEqual } from 'node:util';
import type { SchemaProvider } from '../api-server/index.js';
import type { Service, ServicePort, ServiceSpec } from './kinds/service.js';

/**
 * Prepares an update of a Service as the API server does before it validates (pkg/registry/core/service/strategy.go): what the cluster has
 * assigned stays although the client leaves it out, and what the new type has no use for goes although the client still has it.
 */
export function withServiceUpdates(schema: SchemaProvider): SchemaProvider {
  return {
    ...schema,
    admit(definition, object, context) {
      if (definition.storage !== 'services' || context.old === undefined)
        return schema.admit(definition, object, context);
      // Only compared with each other here; validated afterwards.
      const spec = preparedUpdate((object as Service).spec ?? {}, (context.old as Service).spec);
      return schema.admit(definition, { ...object, spec }, context);
    },
  };
}

function preparedUpdate(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  return withoutUseless(withAssigned(next, old), old);
}

function withAssigned(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let spec = next;
  if (hasClusterAddress(spec) && hasClusterAddress(old) && old.clusterIP !== undefined) {
    const clusterIP = spec.clusterIP === undefined || spec.clusterIP === '' ? old.clusterIP : spec.clusterIP;
    const inherits =
      (spec.clusterIPs ?? []).length === 0 && clusterIP === old.clusterIP && old.clusterIPs !== undefined;
    spec = { ...spec, clusterIP, ...(inherits ? { clusterIPs: old.clusterIPs } : {}) };
  }
  if (hasNodePorts(spec) && hasNodePorts(old) && Array.isArray(spec.ports)) {
    spec = { ...spec, ports: spec.ports.map((port) => withNodePortOf(port, old)) };
  }
  return spec;
}

function withNodePortOf(port: ServicePort, old: ServiceSpec): ServicePort {
  const before = old.ports?.find((one) => one.port === port.port && protocolOf(one) === protocolOf(port));
  if ((port.nodePort ?? 0) !== 0 || before?.nodePort === undefined) return port;
  return { ...port, nodePort: before.nodePort };
}

/** A field that the client changes itself is left alone: validation tells why it can't be. */
function withoutUseless(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let spec = next;
  if (hasClusterAddress(old) && !hasClusterAddress(spec) && spec.clusterIP === old.clusterIP) {
    const {
      clusterIP: _address,
      clusterIPs: _addresses,
      ipFamilies: _families,
      ipFamilyPolicy: _policy,
      ...rest
    } = spec;
    spec = rest;
  }
  if (hasNodePorts(old) && !hasNodePorts(spec)) {
    if (isDeepStrictEqual(spec.ports?.map(nodePortOf), old.ports?.map(nodePortOf))) {
      spec = { ...spec, ports: spec.ports?.map(({ nodePort: _nodePort, ...port }) => port) ?? [] };
    }
    if (spec.externalTrafficPolicy === old.externalTrafficPolicy) {
      const { externalTrafficPolicy: _policy, healthCheckNodePort: _port, ...rest } = spec;
      spec = rest;
    }
  }
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    const { allocateLoadBalancerNodePorts: _allocate, loadBalancerClass: _class, ...rest } = spec;
    spec = rest;
  }
  return spec;
}

function hasClusterAddress({ type = 'ClusterIP' }: ServiceSpec): boolean {
  return type !== 'ExternalName';
}

function hasNodePorts({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function protocolOf({ protocol = 'TCP' }: ServicePort): string {
  return protocol;
}

function nodePortOf({ nodePort = 0 }: ServicePort): number {
  return nodePort;
}
