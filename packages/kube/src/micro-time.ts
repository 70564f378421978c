/** RFC 3339 with six digits of the second, the only form that Kubernetes' MicroTime takes. */
export function microTime(millisecondsSinceEpoch: number): string {
  return new Date(millisecondsSinceEpoch).toISOString().replace('Z', '000Z');
}
