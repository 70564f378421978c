/**
 * Cuts a list into parts, each as long as it can be: an element goes to the part before it as long as that fits with it.
 * So an element that comes at the end changes the last part only.
 */
export function portion<T>(
  list: readonly T[],
  fits: (part: readonly T[]) => boolean,
): readonly (readonly [T, ...T[]])[] {
  const parts: [T, ...T[]][] = [];
  for (const element of list) {
    const last = parts.at(-1);
    if (last !== undefined && fits([...last, element])) last.push(element);
    else parts.push([element]);
  }
  return parts;
}
