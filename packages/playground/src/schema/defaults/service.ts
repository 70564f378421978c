import { arrayAt, type JsonObject, type JsonValue, objectAt, stringAt } from '../json.js';
import { update, updateEach, withDefaults, without } from '../json-update.js';

/** Gives what a cluster gives to a Service from a range. */
export interface ServiceAllocator {
  /** A free address of the Service range, or undefined when there is none left. */
  clusterIp(): string | undefined;
  /** A free node port, or undefined when there is none left. */
  nodePort(): number | undefined;
}

/**
 * Defaults of a Service and, for what it does not name, addresses and node ports: those it had (`old`), else new ones.
 * A headless Service (clusterIP `None`) and an ExternalName one get none.
 */
export function defaultService(
  service: JsonObject,
  old: JsonObject | undefined,
  allocator: ServiceAllocator | undefined,
): JsonObject {
  const filled = withDefaults(service, { status: { loadBalancer: {} } });
  return update(filled, 'spec', (spec) => {
    const typed = withDefaults(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
    const affine = stringAt(typed, 'sessionAffinity') === 'ClientIP' ? defaultAffinity(typed) : typed;
    const withPorts = updateEach(affine, 'ports', defaultPort);
    if (stringAt(withPorts, 'type') === 'ExternalName') return withPorts;
    const external = ['NodePort', 'LoadBalancer'].includes(stringAt(withPorts, 'type') ?? '');
    const addressed = allocateClusterIp(withPorts, objectAt(old, 'spec'), allocator);
    const internal = withDefaults(addressed, { internalTrafficPolicy: 'Cluster' });
    return external ? defaultExternal(internal, objectAt(old, 'spec'), allocator) : internal;
  });
}

function defaultAffinity(spec: JsonObject): JsonObject {
  return withDefaults(spec, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } });
}

function defaultPort(port: JsonObject): JsonObject {
  const target = port.targetPort;
  const unset = target === undefined || target === 0 || target === '';
  return {
    protocol: 'TCP',
    ...(unset ? without(port, 'targetPort') : port),
    ...(unset && port.port !== undefined ? { targetPort: port.port } : {}),
  };
}

function allocateClusterIp(spec: JsonObject, old: JsonObject, allocator: ServiceAllocator | undefined): JsonObject {
  const named = stringAt(spec, 'clusterIP') ?? '';
  const address = named === '' ? (stringAt(old, 'clusterIP') ?? allocator?.clusterIp()) : named;
  if (address === undefined || address === '') return spec;
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return withDefaults(
    { ...spec, clusterIP: address },
    { clusterIPs: [address], ipFamilies: [family], ipFamilyPolicy: 'SingleStack' },
  );
}

function defaultExternal(spec: JsonObject, old: JsonObject, allocator: ServiceAllocator | undefined): JsonObject {
  const balanced: Record<string, JsonValue> =
    stringAt(spec, 'type') === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {};
  const filled = withDefaults(spec, { externalTrafficPolicy: 'Cluster', ...balanced });
  if (filled.allocateLoadBalancerNodePorts === false) return filled;
  const before = arrayAt(old, 'ports');
  let index = -1;
  return updateEach(filled, 'ports', (port) => {
    index += 1;
    if (typeof port.nodePort === 'number' && port.nodePort !== 0) return port;
    const previous = before[index];
    const nodePort = nodePortOf(previous, port) ?? allocator?.nodePort();
    return nodePort === undefined ? port : { ...port, nodePort };
  });
}

function nodePortOf(previous: JsonValue | undefined, port: JsonObject): number | undefined {
  const old = objectAt({ previous }, 'previous');
  const same = old.port === port.port && old.protocol === port.protocol;
  return same && typeof old.nodePort === 'number' && old.nodePort !== 0 ? old.nodePort : undefined;
}
