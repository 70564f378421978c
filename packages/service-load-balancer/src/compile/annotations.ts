import { isIPv4, isIPv6 } from 'node:net';
import type { LbAlgorithm } from '../model.js';
import type { Problem } from '../problem.js';
import type { Service } from '../service.js';
import {
  ANNOTATION_TABLE,
  INTERNAL_ANNOTATION,
  NAMING_ANNOTATIONS,
  type NamingAnnotation,
  OCCM_PREFIX,
} from './annotation-table.js';

/** What a Service asks for by annotations; what is absent is left to the settings. */
export interface Annotations {
  readonly floatingNetworkId?: string;
  readonly floatingSubnetId?: string;
  readonly subnetId?: string;
  readonly networkId?: string;
  readonly portId?: string;
  readonly memberSubnetId?: string;
  readonly connectionLimit?: number;
  readonly keepFloatingIp?: boolean;
  readonly proxyProtocol?: 'PROXY' | 'PROXYV2' | 'none';
  readonly xForwardedFor?: boolean;
  readonly lbAlgorithm?: LbAlgorithm;
  readonly timeoutClientData?: number;
  readonly timeoutMemberConnect?: number;
  readonly timeoutMemberData?: number;
  readonly timeoutTcpInspect?: number;
  readonly healthMonitor?: boolean;
  readonly monitorDelay?: number;
  readonly monitorTimeout?: number;
  readonly monitorMaxRetries?: number;
  readonly monitorMaxRetriesDown?: number;
  readonly flavorId?: string;
  readonly availabilityZone?: string;
  readonly tlsContainerRef?: string;
  readonly hostname?: string;
  readonly nodeSelector?: readonly LabelRequirement[];
  readonly internal?: boolean;
}

/** A label that a node has, with that value or with any. */
export interface LabelRequirement {
  readonly key: string;
  readonly value?: string;
}

type Reader<T> = (text: string) => T | undefined;

const LB_ALGORITHMS: readonly LbAlgorithm[] = ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP', 'SOURCE_IP_PORT'];
/** Octavia's limit, in milliseconds: a day. */
const LONGEST_TIMEOUT = 86_400_000;
const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

const uuid: Reader<string> = (text) => (UUID.test(text) ? text : undefined);

/** What Go's strconv.ParseBool takes, which users of Kubernetes know; OCCM itself takes `true` and `false`. */
const flag: Reader<boolean> = (text) => {
  const word = text.toLowerCase();
  if (word === '1' || word === 't' || word === 'true') return true;
  return word === '0' || word === 'f' || word === 'false' ? false : undefined;
};

const integer =
  (minimum: number, maximum: number): Reader<number> =>
  (text) => {
    const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= minimum && value <= maximum ? value : undefined;
  };

const milliseconds = integer(0, LONGEST_TIMEOUT);
const retries = integer(1, 10);

const proxyProtocol: Reader<'PROXY' | 'PROXYV2' | 'none'> = (text) => {
  const word = text.toLowerCase();
  if (word === 'v2') return 'PROXYV2';
  const isOn = word === 'v1' ? true : flag(word);
  if (isOn === undefined) return undefined;
  return isOn ? 'PROXY' : 'none';
};

/** Who writes `yes` means something, and the default may be the opposite: an internal Service would be published. */
const SWITCHES: ReadonlySet<unknown> = new Set([flag, proxyProtocol]);

const secretReference: Reader<string> = (text) => {
  const isReference = /^https?:\/\/[\x21-\x7e]+\/v1\/(secrets|containers)\/[0-9a-f-]{32,36}$/i.test(text);
  return isReference && text.length <= 255 ? text : undefined;
};

const hostname: Reader<string> = (text) => {
  const isName = /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/.test(text);
  return isName && text.length <= 253 && !isIPv4(text) && !isIPv6(text) ? text : undefined;
};

const word: Reader<string> = (text) => (/^[\w.:-]{1,255}$/.test(text) ? text : undefined);

const nodeSelector: Reader<readonly LabelRequirement[]> = (text) => {
  const labels = text.split(',').map((part) => /^\s*([\w./-]+)\s*(?:=\s*([\w.-]*)\s*)?$/.exec(part));
  if (labels.some((label) => label === null)) return undefined;
  return labels.map((label) => {
    const [, key = '', value] = label ?? [];
    return value === undefined ? { key } : { key, value };
  });
};

type Readers = { readonly [K in keyof Required<Annotations>]: readonly [string, Reader<Required<Annotations>[K]>] };

const READERS: Readers = {
  floatingNetworkId: ['floating-network-id', uuid],
  floatingSubnetId: ['floating-subnet-id', uuid],
  subnetId: ['subnet-id', uuid],
  networkId: ['network-id', uuid],
  portId: ['port-id', uuid],
  memberSubnetId: ['member-subnet-id', uuid],
  connectionLimit: ['connection-limit', integer(-1, 1_000_000)],
  keepFloatingIp: ['keep-floatingip', flag],
  proxyProtocol: ['proxy-protocol', proxyProtocol],
  xForwardedFor: ['x-forwarded-for', flag],
  lbAlgorithm: ['lb-method', (text) => LB_ALGORITHMS.find((one) => one === text.toUpperCase())],
  timeoutClientData: ['timeout-client-data', milliseconds],
  timeoutMemberConnect: ['timeout-member-connect', milliseconds],
  timeoutMemberData: ['timeout-member-data', milliseconds],
  timeoutTcpInspect: ['timeout-tcp-inspect', milliseconds],
  healthMonitor: ['enable-health-monitor', flag],
  monitorDelay: ['health-monitor-delay', integer(1, 3_600)],
  monitorTimeout: ['health-monitor-timeout', integer(1, 3_600)],
  monitorMaxRetries: ['health-monitor-max-retries', retries],
  monitorMaxRetriesDown: ['health-monitor-max-retries-down', retries],
  flavorId: ['flavor-id', uuid],
  availabilityZone: ['availability-zone', word],
  tlsContainerRef: ['default-tls-container-ref', secretReference],
  hostname: ['hostname', hostname],
  nodeSelector: ['node-selector', nodeSelector],
  internal: [INTERNAL_ANNOTATION, flag],
};

/**
 * Reads the annotations of a Service. One that can't be read is a problem, and the settings hold in its place. To be refused
 * are switches that are neither on nor off, and what names something in OpenStack and is not permitted.
 */
export function readAnnotations(
  { metadata }: Service,
  permitted: readonly NamingAnnotation[] = NAMING_ANNOTATIONS,
): {
  readonly annotations: Annotations;
  readonly problems: readonly Problem[];
  readonly refusals: readonly Problem[];
} {
  const given = metadata.annotations ?? {};
  const problems: Problem[] = [];
  const refusals: Problem[] = [];
  const annotations = Object.fromEntries(
    Object.entries(READERS).flatMap(([key, [name, read]]) => {
      const full = name === INTERNAL_ANNOTATION ? name : `${OCCM_PREFIX}${name}`;
      const text = given[full]?.trim();
      if (text === undefined || (text === '' && !SWITCHES.has(read))) return [];
      if (NAMING_ANNOTATIONS.some((one) => one === name && !permitted.includes(one))) {
        refusals.push({
          reason: 'AnnotationNotPermitted',
          field: fieldOf(full),
          message: `it may name what belongs to others in the OpenStack project, and is not permitted in this cluster: take it off, or have the operator add ${name} to [kubernetes] lb_permitted_annotations; nothing is changed until then`,
        });
        return [];
      }
      const value = read(text);
      if (value !== undefined) return [[key, value]];
      const quoted = JSON.stringify(text.slice(0, 80));
      if (SWITCHES.has(read)) {
        refusals.push({
          reason: 'AnnotationNotBoolean',
          field: fieldOf(full),
          message: `${quoted} is neither true nor false (${noteOf(full)}); nothing is changed until that is corrected`,
        });
        return [];
      }
      problems.push({
        reason: 'InvalidAnnotation',
        field: fieldOf(full),
        message: `${quoted} is not understood (${noteOf(full)}); it is passed over`,
      });
      return [];
    }),
  ) as Annotations;
  for (const { name, support, note } of ANNOTATION_TABLE) {
    if (support !== 'refused' || given[name] === undefined) continue;
    problems.push({
      reason: 'AnnotationNotSupported',
      field: fieldOf(name),
      message: `it is not supported: ${note}`,
    });
  }
  return { annotations, problems, refusals };
}

export function fieldOf(annotation: string): string {
  return `metadata.annotations[${annotation}]`;
}

function noteOf(name: string): string {
  return ANNOTATION_TABLE.find((entry) => entry.name === name)?.note ?? '';
}
