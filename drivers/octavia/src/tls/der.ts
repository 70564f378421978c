/** The few forms of ASN.1's distinguished encoding rules (X.690) that a PKCS#12 file is made of. */
export const der = {
  integer: (value: number): Buffer => {
    const bytes: number[] = [];
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
    if ((bytes[0] ?? 128) >= 128) bytes.unshift(0);
    return element(0x02, Buffer.from(bytes));
  },
  octets: (bytes: Uint8Array): Buffer => element(0x04, bytes),
  nothing: (): Buffer => element(0x05, Buffer.alloc(0)),
  /** @param dotted e.g. `1.2.840.113549.1.7.1` */
  identifier: (dotted: string): Buffer => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  sequence: (...elements: readonly Uint8Array[]): Buffer => element(0x30, Buffer.concat(elements)),
  set: (...elements: readonly Uint8Array[]): Buffer => element(0x31, Buffer.concat(elements)),
  /** `[0] EXPLICIT` */
  tagged: (inner: Uint8Array): Buffer => element(0xa0, inner),
};

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): readonly number[] {
  if (length < 128) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [128 + bytes.length, ...bytes];
}

function base128(value: number): readonly number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 + (rest % 128));
  return bytes;
}
