import { compareText } from '../../policy-order.js';
import { stableHash } from './stable-hash.js';

/** How much of the space of a part its two neighbours at a cut take at least, where that can be had. */
const LEAST_FILL = 0.4;

export interface Part<T> {
  /** The one after which the part is named: whoever else comes or goes, the name stays. */
  readonly anchor: T;
  /** By name. */
  readonly members: readonly T[];
}

export interface Space<T> {
  /** Unique, and all that cuts and anchors follow from. */
  readonly nameOf: (element: T) => string;
  /** Never falls when one is added. */
  readonly lengthOf: (part: readonly T[]) => number;
  /** A single element always fits. */
  readonly maxLength: number;
}

interface Named<T> {
  readonly element: T;
  readonly name: string;
  readonly hash: number;
}

/**
 * Cuts a list, in order of names, into parts that fit; into one, if it fits whole. Which part an element goes to does not
 * depend on the order of the list, and hardly on elements far from it: what is too long is cut before the element whose
 * name has the smallest hash, and so are the halves, so that one that comes or goes changes its own part and at most some
 * next to it. The price is that parts are about two thirds full.
 */
export function portion<T>(list: readonly T[], space: Space<T>): readonly Part<T>[] {
  const named = list.map((element): Named<T> => {
    const name = space.nameOf(element);
    return { element, name, hash: stableHash(name) };
  });
  return cut(
    named.sort((a, b) => compareText(a.name, b.name)),
    space,
  );
}

function cut<T>(list: readonly Named<T>[], space: Space<T>): readonly Part<T>[] {
  if (list.length === 0) return [];
  const lengthOf = (part: readonly Named<T>[]) => space.lengthOf(part.map(({ element }) => element));
  if (list.length === 1 || lengthOf(list) <= space.maxLength) {
    return [{ anchor: smallest(list).element, members: list.map(({ element }) => element) }];
  }
  const isShort = (part: readonly Named<T>[]) => lengthOf(part) < space.maxLength * LEAST_FILL;
  let from = 1;
  while (from < list.length && isShort(list.slice(0, from))) from += 1;
  let to = list.length - 1;
  while (to > 0 && isShort(list.slice(to))) to -= 1;
  const candidates = from <= to ? list.slice(from, to + 1) : list.slice(1);
  const at = list.indexOf(smallest(candidates));
  return [...cut(list.slice(0, at), space), ...cut(list.slice(at), space)];
}

function smallest<T>(list: readonly Named<T>[]): Named<T> {
  return list.reduce((least, other) => (other.hash < least.hash ? other : least));
}
