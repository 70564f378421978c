/** Whether a status is among Octavia's `expected_codes`: `200`, `200,202` or `200-204`. Default: 200. */
export function isExpectedCode(expectedCodes: string | undefined, status: number): boolean {
  return (expectedCodes ?? '200').split(',').some((part) => {
    const [first = '', last = first] = part.split('-');
    return status >= Number(first) && status <= Number(last);
  });
}
