import { type JsonObject, stringAt } from '../json.js';
import { update, updateEach, withDefaults, without } from '../json-update.js';

/** Defaults of a Service; giving it addresses and node ports is an admission hook's work. */
export function defaultService(service: JsonObject): JsonObject {
  return update(service, 'spec', (spec) => {
    const typed = withDefaults(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
    const affine = stringAt(typed, 'sessionAffinity') === 'ClientIP' ? defaultAffinity(typed) : typed;
    const withPorts = updateEach(affine, 'ports', defaultPort);
    const type = stringAt(withPorts, 'type');
    if (type === 'ExternalName') return withPorts;
    const internal = withDefaults(withFamily(withPorts), { internalTrafficPolicy: 'Cluster' });
    if (type !== 'NodePort' && type !== 'LoadBalancer') return internal;
    const external = withDefaults(internal, { externalTrafficPolicy: 'Cluster' });
    return type === 'NodePort' ? external : withDefaults(external, { allocateLoadBalancerNodePorts: true });
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

function withFamily(spec: JsonObject): JsonObject {
  const address = stringAt(spec, 'clusterIP') ?? '';
  if (address === '') return without(spec, 'clusterIP');
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return withDefaults(spec, { clusterIPs: [address], ipFamilies: [family], ipFamilyPolicy: 'SingleStack' });
}
