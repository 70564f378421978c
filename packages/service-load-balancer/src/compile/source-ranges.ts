import { isIPv6 } from 'node:net';
import type { AddressFamily } from '@kuryr-l7/router';
import type { Problem } from '../problem.js';
import type { Service } from '../service.js';
import { SOURCE_RANGES_ANNOTATION } from './annotation-table.js';
import { fieldOf } from './annotations.js';
import { isCidr, networkOf } from './cidrs.js';

/** No packet comes from these: RFC 1122, 3.2.1.3, and RFC 4291, 2.5.2. */
const NOBODY = { IPv4: '0.0.0.0/32', IPv6: '::/128' } as const;
const EVERYBODY = { IPv4: '0.0.0.0/0', IPv6: '::/0' } as const;

interface Range {
  readonly text: string;
  readonly field: string;
}

/**
 * Ranges of clients that a Service lets in: `spec.loadBalancerSourceRanges` and, where that is empty, the annotation that
 * came before it, as Kubernetes' own `GetLoadBalancerSourceRanges` reads them.
 */
function rangesOf({ spec, metadata }: Service): readonly Range[] {
  const field = 'spec.loadBalancerSourceRanges';
  const inSpec = (spec?.loadBalancerSourceRanges ?? []).map((text, index) => ({ text, field: `${field}[${index}]` }));
  if (inSpec.length > 0) return inSpec;
  const annotation = metadata.annotations?.[SOURCE_RANGES_ANNOTATION]?.trim() ?? '';
  if (annotation === '') return [];
  return annotation.split(',').map((text) => ({ text, field: fieldOf(SOURCE_RANGES_ANNOTATION) }));
}

/** Of ranges that can't be read; nothing may be opened meanwhile. */
export function sourceRangeProblems(service: Service): readonly Problem[] {
  return rangesOf(service)
    .filter(({ text }) => !isCidr(text.trim()))
    .map(({ text, field }) => ({
      reason: 'InvalidSourceRange',
      field,
      message: `${JSON.stringify(text)} is not a network in CIDR notation, e.g. 192.0.2.0/24; nothing is opened to anybody until it is corrected`,
    }));
}

/**
 * What a listener lets in, sorted: the ranges of the family of its VIP, as Octavia refuses others. Empty: everybody. Where
 * there are ranges and none of them is of that family, nobody.
 */
export function allowedCidrs(
  service: Service,
  family: AddressFamily,
): { readonly cidrs: readonly string[]; readonly problems: readonly Problem[] } {
  const given = service.spec?.type === 'LoadBalancer' ? rangesOf(service) : [];
  const readable = given.map(({ text }) => text.trim()).filter(isCidr);
  const fitting = new Set(readable.filter((text) => familyOf(text) === family).map(networkOf));
  const [first] = given;
  if (first !== undefined && fitting.size === 0) {
    const message = `none of them is of the address family of the VIP (${family}): nobody is let in; add ranges of that family, e.g. ${EVERYBODY[family]} for everybody`;
    const field = first.field.replace(/\[0\]$/, '');
    return { cidrs: [NOBODY[family]], problems: [{ reason: 'SourceRangesOfOtherFamily', field, message }] };
  }
  // Neutron and Octavia read this as everybody; an empty list says so without a change to the listener.
  return { cidrs: fitting.has(EVERYBODY[family]) ? [] : [...fitting].sort(), problems: [] };
}

function familyOf(cidr: string): AddressFamily {
  return isIPv6(cidr.split('/')[0] ?? '') ? 'IPv6' : 'IPv4';
}
