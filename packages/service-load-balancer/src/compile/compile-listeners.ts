import { type AddressFamily, type ObjectKey, poolMembers, type ServicePort } from '@kuryr-l7/router';
import type {
  HealthMonitor,
  Listener,
  ListenerProtocol,
  ListenerSettings,
  Member,
  PoolProtocol,
  SessionPersistence,
  TransportProtocol,
} from '../model.js';
import type { Problem } from '../problem.js';
import type { EndpointSlice, Node, Service } from '../service.js';
import type { LoadBalancerSettings } from '../settings.js';
import { OCCM_PREFIX } from './annotation-table.js';
import { type Annotations, fieldOf } from './annotations.js';
import { nodeMembers } from './node-members.js';

const TRANSPORT_PROTOCOLS: readonly TransportProtocol[] = ['TCP', 'UDP', 'SCTP'];

/** All that the listeners of a Service are made of. */
export interface ListenerInput {
  readonly key: ObjectKey;
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  readonly nodes: readonly Node[];
  readonly settings: LoadBalancerSettings;
  readonly annotations: Annotations;
  readonly allowedCidrs: readonly string[];
  readonly family: AddressFamily;
  /** The Service is refused, so nobody can say whether it has a health monitor: its members are made as if it had. */
  readonly isInDoubt: boolean;
}

/** One listener for each port of the Service, with its pool; a port that can't have one is a problem. */
export function compileListeners(input: ListenerInput): {
  readonly listeners: readonly Listener[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [...contradictions(input.annotations)];
  const listeners = new Map<string, Listener>();
  for (const [index, port] of (input.service.spec?.ports ?? []).entries()) {
    const transport = TRANSPORT_PROTOCOLS.find((one) => one === (port.protocol ?? 'TCP'));
    if (transport === undefined) {
      problems.push({
        reason: 'ProtocolNotSupported',
        field: `spec.ports[${index}].protocol`,
        message: `port ${port.port} asks for ${String(port.protocol)}, and load balancers know ${TRANSPORT_PROTOCOLS.join(', ')}`,
      });
      continue;
    }
    if (input.settings.memberMode === 'nodeport' && port.nodePort === undefined) {
      problems.push({
        reason: 'NodePortMissing',
        field: `spec.ports[${index}].nodePort`,
        message: `port ${port.port} has no nodePort and [octavia_defaults] member_mode is nodeport: let the Service allocate node ports, or make it of type NodePort`,
      });
      continue;
    }
    const listener = compileListener(input, port, transport);
    listeners.set(listener.key, listener);
  }
  return { listeners: [...listeners.values()].sort((a, b) => (a.key < b.key ? -1 : 1)), problems };
}

function contradictions({ xForwardedFor, proxyProtocol }: Annotations): readonly Problem[] {
  if (xForwardedFor !== true || proxyProtocol === undefined || proxyProtocol === 'none') return [];
  return [
    {
      reason: 'AnnotationsContradict',
      field: fieldOf(`${OCCM_PREFIX}proxy-protocol`),
      message: `${OCCM_PREFIX}x-forwarded-for and ${OCCM_PREFIX}proxy-protocol exclude each other; the PROXY protocol is used`,
    },
  ];
}

function compileListener(input: ListenerInput, port: ServicePort, transport: TransportProtocol): Listener {
  const { annotations, settings, service } = input;
  const protocol = listenerProtocol(annotations, transport);
  const persistence = sessionPersistence(service, transport);
  const monitor = healthMonitor(input, transport);
  return {
    key: `${transport}:${port.port}`,
    protocol,
    port: port.port,
    settings: listenerSettings(input, protocol, transport),
    pool: {
      protocol: poolProtocol(annotations, protocol, transport),
      lbAlgorithm: annotations.lbAlgorithm ?? settings.lbAlgorithm,
      ...(persistence !== undefined && { sessionPersistence: persistence }),
      members: membersOf(input, port, transport, monitor !== undefined || input.isInDoubt),
      ...(monitor !== undefined && { healthMonitor: monitor }),
    },
  };
}

function listenerProtocol(annotations: Annotations, transport: TransportProtocol): ListenerProtocol {
  if (transport !== 'TCP') return transport;
  if (annotations.tlsContainerRef !== undefined) return 'TERMINATED_HTTPS';
  const usesProxy = annotations.proxyProtocol !== undefined && annotations.proxyProtocol !== 'none';
  return annotations.xForwardedFor === true && !usesProxy ? 'HTTP' : 'TCP';
}

function poolProtocol(
  { proxyProtocol }: Annotations,
  listener: ListenerProtocol,
  transport: TransportProtocol,
): PoolProtocol {
  if (transport !== 'TCP') return transport;
  if (proxyProtocol === 'PROXY' || proxyProtocol === 'PROXYV2') return proxyProtocol;
  return listener === 'TCP' ? 'TCP' : 'HTTP';
}

function listenerSettings(
  { annotations, settings, allowedCidrs }: ListenerInput,
  protocol: ListenerProtocol,
  transport: TransportProtocol,
): ListenerSettings {
  const { tlsContainerRef, timeoutMemberConnect, timeoutTcpInspect } = annotations;
  const timeoutClientData = annotations.timeoutClientData ?? settings.timeoutClientData;
  const timeoutMemberData = annotations.timeoutMemberData ?? settings.timeoutMemberData;
  const isHttp = protocol === 'HTTP' || protocol === 'TERMINATED_HTTPS';
  return {
    allowedCidrs,
    connectionLimit: annotations.connectionLimit ?? -1,
    insertHeaders: isHttp && annotations.xForwardedFor === true ? ['X-Forwarded-For'] : [],
    // HAProxy, which these are for, serves TCP and what is upon it.
    ...(transport === 'TCP' && {
      ...(timeoutClientData !== undefined && { timeoutClientData }),
      ...(timeoutMemberConnect !== undefined && { timeoutMemberConnect }),
      ...(timeoutMemberData !== undefined && { timeoutMemberData }),
      ...(timeoutTcpInspect !== undefined && { timeoutTcpInspect }),
    }),
    ...(protocol === 'TERMINATED_HTTPS' &&
      tlsContainerRef !== undefined && { defaultTlsContainerRef: tlsContainerRef }),
  };
}

function sessionPersistence({ spec }: Service, transport: TransportProtocol): SessionPersistence | undefined {
  if (spec?.sessionAffinity !== 'ClientIP') return undefined;
  const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  // Octavia takes a timeout for UDP and SCTP only.
  return { type: 'SOURCE_IP', ...(transport !== 'TCP' && timeout !== undefined && { timeout }) };
}

function healthMonitor(
  { annotations, settings, service }: ListenerInput,
  transport: TransportProtocol,
): HealthMonitor | undefined {
  if (!(annotations.healthMonitor ?? settings.healthMonitor)) return undefined;
  const delay = annotations.monitorDelay ?? settings.monitor.delay;
  const times = {
    delay,
    timeout: Math.min(delay, annotations.monitorTimeout ?? settings.monitor.timeout),
    maxRetries: annotations.monitorMaxRetries ?? settings.monitor.maxRetries,
    maxRetriesDown: annotations.monitorMaxRetriesDown ?? settings.monitor.maxRetriesDown,
  };
  const { externalTrafficPolicy, healthCheckNodePort } = service.spec ?? {};
  const isLocal = externalTrafficPolicy === 'Local' && healthCheckNodePort !== undefined;
  if (settings.memberMode === 'nodeport' && isLocal) return { type: 'HTTP', ...times, urlPath: '/healthz' };
  if (transport === 'TCP') return { type: 'TCP', ...times };
  return { type: transport === 'UDP' ? 'UDP-CONNECT' : 'SCTP', ...times };
}

function membersOf(
  input: ListenerInput,
  port: ServicePort,
  transport: TransportProtocol,
  isMonitored: boolean,
): readonly Member[] {
  const { service, slices, nodes, settings, annotations, family } = input;
  const subnetId = annotations.memberSubnetId ?? settings.memberSubnetId;
  if (settings.memberMode === 'nodeport') {
    if (port.nodePort === undefined) return [];
    return nodeMembers({
      service,
      nodePort: port.nodePort,
      nodes,
      slices,
      family,
      isMonitored,
      ...(annotations.nodeSelector !== undefined && { nodeSelector: annotations.nodeSelector }),
      ...(subnetId !== undefined && { subnetId }),
    });
  }
  const wanted = { number: port.port, ...(port.name !== undefined && { name: port.name }), protocol: transport };
  return poolMembers(service, wanted, slices, family).map(({ address, port: number }) => ({
    address,
    port: number,
    ...(subnetId !== undefined && { subnetId }),
  }));
}
