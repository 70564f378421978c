import { type JsonObject, type JsonValue, objectAt, objectsAt, stringAt } from '../json.js';
import { update, updateEach, withDefaults, without } from '../json-update.js';

/**
 * Defaults of a Service. An update that leaves out the addresses and node ports which the cluster gave it keeps them; giving
 * them to a new one is an admission hook's work.
 */
export function defaultService(service: JsonObject, old: JsonObject | undefined): JsonObject {
  return update(service, 'spec', (spec) => {
    const typed = withDefaults(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
    const affine = stringAt(typed, 'sessionAffinity') === 'ClientIP' ? defaultAffinity(typed) : typed;
    const withPorts = updateEach(affine, 'ports', defaultPort);
    if (stringAt(withPorts, 'type') === 'ExternalName') return withPorts;
    const addressed = keepAddress(withPorts, objectAt(old, 'spec'));
    const internal = withDefaults(addressed, { internalTrafficPolicy: 'Cluster' });
    const external = ['NodePort', 'LoadBalancer'].includes(stringAt(internal, 'type') ?? '');
    return external ? defaultExternal(internal, objectAt(old, 'spec')) : internal;
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

function keepAddress(spec: JsonObject, old: JsonObject): JsonObject {
  const named = stringAt(spec, 'clusterIP') ?? '';
  const address = named === '' ? (stringAt(old, 'clusterIP') ?? '') : named;
  if (address === '') return without(spec, 'clusterIP');
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return withDefaults(
    { ...spec, clusterIP: address },
    { clusterIPs: [address], ipFamilies: [family], ipFamilyPolicy: 'SingleStack' },
  );
}

function defaultExternal(spec: JsonObject, old: JsonObject): JsonObject {
  const balanced: Record<string, JsonValue> =
    stringAt(spec, 'type') === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {};
  const filled = withDefaults(spec, { externalTrafficPolicy: 'Cluster', ...balanced });
  if (filled.allocateLoadBalancerNodePorts === false) return filled;
  return updateEach(filled, 'ports', (port) => {
    if (typeof port.nodePort === 'number' && port.nodePort !== 0) return port;
    const previous = objectsAt(old, 'ports').find(
      (candidate) => candidate.port === port.port && candidate.protocol === port.protocol,
    );
    return previous?.nodePort === undefined ? port : { ...port, nodePort: previous.nodePort };
  });
}
