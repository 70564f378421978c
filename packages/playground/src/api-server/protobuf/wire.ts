/** One field as it is on the wire; groups and fixed-size numbers do not occur in Kubernetes' messages that are read here. */
export type WireField =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Uint8Array };

/** Malformed protobuf. */
export class WireError extends Error {
  readonly code = 'ERR_PROTOBUF';
  readonly retryable = false;
  override readonly name = 'WireError';
}

/** Splits a protobuf message into its fields. Throws a {@link WireError}. */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  let position = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[position];
      if (byte === undefined) throw new WireError('the message ends in the middle of a number');
      position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new WireError('a number is longer than 64 bits');
  };
  while (position < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    switch (tag & 7n) {
      case 0n:
        yield { number, kind: 'varint', value: varint() };
        break;
      case 2n: {
        const length = Number(varint());
        const end = position + length;
        if (end > bytes.length) throw new WireError(`field ${number} is longer than the message`);
        yield { number, kind: 'bytes', value: bytes.subarray(position, end) };
        position = end;
        break;
      }
      default:
        throw new WireError(`field ${number} has the unknown wire type ${tag & 7n}`);
    }
  }
}
