/** A person may write a UUID without hyphens or in capitals; OpenStack answers it in the usual form. */
export function sameUuid(a: string | undefined, b: string | undefined): boolean {
  return plain(a) === plain(b);
}

function plain(uuid: string | undefined): string | undefined {
  return uuid?.replaceAll('-', '').toLowerCase();
}
