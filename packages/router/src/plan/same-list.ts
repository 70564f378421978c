/** The same elements in the same order; lists that are one object are not looked into. */
export function sameList<T extends object>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((element, index) => {
    const other = b[index];
    return other !== undefined && same(element, other);
  });
}
