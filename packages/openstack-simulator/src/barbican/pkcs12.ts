/**
 * Whether the bytes look like a PKCS#12 bundle: a DER sequence that begins with the version, 3 (RFC 7292, section 4).
 * What is in it is not looked at.
 */
export function isPkcs12(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const start = length === 0x80 ? 2 : length > 0x80 ? 2 + (length - 0x80) : 2;
  return bytes[start] === 0x02 && bytes[start + 1] === 0x01 && bytes[start + 2] === 0x03;
}
