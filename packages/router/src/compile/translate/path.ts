import type { RouterCapabilities } from '../../capabilities.js';
import { isAbsent } from '../untrusted.js';

/** ImplementationSpecific is Prefix here. */
type PathType = 'Exact' | 'Prefix';

export interface PathReading {
  readonly pathType: PathType;
  /** A Prefix has no trailing slash, `/` alone excepted, because `/foo` and `/foo/` are the same Prefix. */
  readonly path: string;
}

/**
 * Reads `path` and `pathType`. ImplementationSpecific, also without `pathType` as before networking.k8s.io/v1, is Prefix,
 * with `/` for an empty path. It is held to what the API server demands of the other two types, which it does not check
 * for this one. The obstacle completes the sentence "Path x ...".
 */
export function readPath(
  path: unknown,
  pathType: unknown,
  capabilities: RouterCapabilities,
): PathReading | { readonly obstacle: string } {
  const exact = pathType === 'Exact';
  const implementationSpecific = isAbsent(pathType) || pathType === 'ImplementationSpecific';
  if (!exact && !implementationSpecific && pathType !== 'Prefix') {
    return { obstacle: 'has an unknown pathType; use Exact, Prefix or ImplementationSpecific' };
  }
  const written = implementationSpecific && (isAbsent(path) || path === '') ? '/' : path;
  if (typeof written !== 'string' || !written.startsWith('/')) return { obstacle: 'does not start with /; add it' };
  const obstacle = unroutable(written, capabilities.forbiddenCharacters);
  if (obstacle !== undefined) return { obstacle };
  if (exact) return { pathType: 'Exact', path: written };
  return { pathType: 'Prefix', path: written.length > 1 && written.endsWith('/') ? written.slice(0, -1) : written };
}

function unroutable(path: string, forbiddenCharacters: string): string | undefined {
  const strange = /[^\x21-\x7e]/u.exec(path)?.[0];
  if (strange !== undefined) {
    return `holds ${nameOf(strange)}, and requests carry only visible ASCII characters; percent-encode it`;
  }
  const delimiter = /[?#]/.exec(path)?.[0];
  if (delimiter !== undefined) {
    return `holds ${delimiter}, and paths are compared without query and fragment; leave out what follows the path`;
  }
  const forbidden = [...path].find((character) => forbiddenCharacters.includes(character));
  if (forbidden !== undefined) return `holds ${forbidden}, which this router cannot match; use another path`;
  const never = /\/\/|\/\.\.?(?=\/|$)|%2f/i.exec(path)?.[0];
  if (never !== undefined)
    return `holds ${never}, which Kubernetes allows in no Exact or Prefix path; write it without`;
  return undefined;
}

function nameOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return character === ' ' ? 'a space' : `the character U+${code}`;
}
