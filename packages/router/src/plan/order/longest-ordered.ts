/** A longest part of a list whose numbers never fall, in the order of the list (patience sorting). */
export function longestOrdered<T>(list: readonly T[], numberOf: (element: T) => number): readonly T[] {
  interface Link {
    readonly element: T;
    readonly before: Link | undefined;
  }
  const ends: Link[] = [];
  for (const element of list) {
    const number = numberOf(element);
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >>> 1;
      const end = ends[middle];
      if (end !== undefined && numberOf(end.element) <= number) low = middle + 1;
      else high = middle;
    }
    ends[low] = { element, before: ends[low - 1] };
  }
  const longest: T[] = [];
  for (let link = ends.at(-1); link !== undefined; link = link.before) longest.push(link.element);
  return longest.reverse();
}
