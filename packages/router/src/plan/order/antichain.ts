/**
 * A largest set of elements, no two of which are related, of a strict partial order over 0 to `size` - 1: by Dilworth's
 * theorem as many as a smallest set of chains, found by a maximum matching (Kuhn) and read off it (König).
 *
 * @param related must be transitive, and hold for at most one of (a, b) and (b, a)
 */
export function largestAntichain(size: number, related: (a: number, b: number) => boolean): ReadonlySet<number> {
  const elements = Array.from({ length: size }, (_, element) => element);
  const after = elements.map((a) => elements.filter((b) => related(a, b)));
  const predecessor = new Map<number, number>();
  const successor = new Map<number, number>();

  const match = (a: number, tried: Set<number>): boolean => {
    for (const b of after[a] ?? []) {
      if (tried.has(b)) continue;
      tried.add(b);
      const other = predecessor.get(b);
      if (other === undefined || match(other, tried)) {
        predecessor.set(b, a);
        successor.set(a, b);
        return true;
      }
    }
    return false;
  };
  for (const a of elements) match(a, new Set());

  // Reached by alternating paths from the elements without a successor; what is not reached as a predecessor, or is
  // reached as a successor, covers every relation, and the rest is free of them.
  const asPredecessor = new Set(elements.filter((a) => !successor.has(a)));
  const asSuccessor = new Set<number>();
  for (const a of asPredecessor) {
    for (const b of after[a] ?? []) {
      asSuccessor.add(b);
      const other = predecessor.get(b);
      if (other !== undefined) asPredecessor.add(other);
    }
  }
  return new Set(elements.filter((element) => asPredecessor.has(element) && !asSuccessor.has(element)));
}
