/** The code of an error of the operating system, e.g. `EADDRINUSE`; undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  // Not by `instanceof`: such errors are made outside the realm that a test runs in.
  if (typeof error !== 'object' || error === null || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
