import { nearest } from '@kuryr-l7/config';
import type { Problem } from '../problem.js';
import type { Service } from '../service.js';
import { ANNOTATION_TABLE, OCCM_PREFIX } from './annotation-table.js';
import { fieldOf } from './annotations.js';

const KNOWN: readonly string[] = ANNOTATION_TABLE.map(({ name }) => name);

/** Where an unknown name is a slip, or an annotation of a newer OCCM: nobody else has names there. */
const PREFIXES: readonly string[] = [OCCM_PREFIX, 'service.beta.kubernetes.io/openstack-'];

/** A Service may have thousands: enough are named to find the others. */
const MOST_TOLD = 10;

/** Annotations that look like those of the table and are not in it. They have no effect, which nobody would notice. */
export function unknownAnnotations({ metadata }: Service): readonly Problem[] {
  const unknown = Object.keys(metadata.annotations ?? {}).filter(
    (name) => prefixOf(name) !== undefined && !KNOWN.includes(name),
  );
  return unknown
    .sort()
    .slice(0, MOST_TOLD)
    .map((name) => ({
      reason: 'UnknownAnnotation',
      field: fieldOf(name),
      message: `nobody knows it, and it has no effect${hint(name)}`,
    }));
}

function prefixOf(name: string): string | undefined {
  return PREFIXES.find((prefix) => name.startsWith(prefix));
}

function hint(name: string): string {
  const prefix = prefixOf(name) ?? '';
  const candidates = KNOWN.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  const meant = nearest(name.slice(prefix.length), candidates);
  return meant === undefined ? '' : `: did you mean ${prefix}${meant}?`;
}
