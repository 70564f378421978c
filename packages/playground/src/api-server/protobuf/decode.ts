import { MESSAGES, type Message, type MessageField } from './message-table.js';
import { readFields, WireError, type WireField } from './wire.js';

/** The media type. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** `k8s` and a zero byte: what every Kubernetes message begins with. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00];

/**
 * Reads an object that was sent as Kubernetes protobuf into the JSON it stands for: kubectl's typed clients (since 1.32) send nothing else
 * for `create`, and do not fall back to JSON. Throws a {@link WireError} for a kind or a field that is not in the tables, so that nothing is
 * lost silently.
 */
export function decodeProtobuf(bytes: Uint8Array): Record<string, unknown> {
  if (!MAGIC.every((byte, index) => bytes[index] === byte))
    throw new WireError('the body does not begin as Kubernetes protobuf does');
  // runtime.Unknown: the type, then the object.
  const envelope = new Map([...readFields(bytes.subarray(MAGIC.length))].map((field) => [field.number, field]));
  const type = new Map([...readFields(bytesOf(envelope.get(1)))].map((field) => [field.number, textOf(field)]));
  const kind = type.get(2) ?? '';
  return { apiVersion: type.get(1) ?? '', kind, ...decodeMessage(kind, bytesOf(envelope.get(2))) };
}

function decodeMessage(name: string, bytes: Uint8Array): Record<string, unknown> {
  const message = MESSAGES.get(name);
  if (message === undefined) throw new WireError(`${name} can't be read as protobuf here; send JSON`);
  const object: Record<string, unknown> = {};
  for (const field of readFields(bytes)) addField(object, name, message, field);
  return object;
}

function addField(object: Record<string, unknown>, name: string, message: Message, wire: WireField): void {
  const field = message.get(wire.number);
  if (field === undefined)
    throw new WireError(`field ${wire.number} of ${name} can't be read as protobuf here; send JSON`);
  if (field.ignored) return;
  if (field.inline) {
    Object.assign(object, decodeMessage(field.type, bytesOf(wire)));
    return;
  }
  const before = object[field.name];
  switch (field.shape) {
    case 'list':
      object[field.name] = [...(Array.isArray(before) ? before : []), decodeValue(field, wire)];
      break;
    case 'map':
      object[field.name] = { ...(typeof before === 'object' ? before : {}), ...decodeEntry(field, wire) };
      break;
    case 'single': {
      const value = decodeValue(field, wire);
      if (value !== undefined && (field.pointer || !isZero(value))) object[field.name] = value;
    }
  }
}

/** One entry of a map: key 1, value 2. */
function decodeEntry(field: MessageField, wire: WireField): Record<string, unknown> {
  let key = '';
  let value: unknown = '';
  for (const part of readFields(bytesOf(wire))) {
    if (part.number === 1) key = textOf(part);
    else value = decodeValue(field, part);
  }
  return { [key]: value };
}

function decodeValue({ type }: MessageField, wire: WireField): unknown {
  switch (type) {
    case 'string':
      return textOf(wire);
    case 'bytes':
      return Buffer.from(bytesOf(wire)).toString('base64');
    case 'bool':
      return numberOf(wire) !== 0;
    case 'int32':
    case 'int64':
      return numberOf(wire);
    case 'Time':
      return decodeTime(wire, 19);
    case 'MicroTime':
      return decodeTime(wire, 26);
    case 'Quantity':
      return textOf([...readFields(bytesOf(wire))].find((part) => part.number === 1));
    case 'IntOrString': {
      const parts = new Map([...readFields(bytesOf(wire))].map((part) => [part.number, part]));
      return numberOf(parts.get(1)) === 1 ? textOf(parts.get(3)) : numberOf(parts.get(2));
    }
    default:
      return decodeMessage(type, bytesOf(wire));
  }
}

/** Seconds 1 and nanoseconds 2; an empty message is no time. `characters`: how much of `2026-01-01T00:00:00.000000` is wanted. */
function decodeTime(wire: WireField, characters: number): string | undefined {
  const parts = new Map([...readFields(bytesOf(wire))].map((part) => [part.number, part]));
  if (parts.size === 0) return undefined;
  const micros = Math.floor(numberOf(parts.get(2)) / 1000);
  const seconds = new Date(numberOf(parts.get(1)) * 1000).toISOString().slice(0, 19);
  return `${`${seconds}.${String(micros).padStart(6, '0')}`.slice(0, characters)}Z`;
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function textOf(wire: WireField | undefined): string {
  return Buffer.from(bytesOf(wire)).toString();
}

function bytesOf(wire: WireField | undefined): Uint8Array {
  if (wire === undefined) return new Uint8Array();
  if (wire.kind !== 'bytes') throw new WireError(`field ${wire.number} is a number where bytes belong`);
  return wire.value;
}

function numberOf(wire: WireField | undefined): number {
  if (wire === undefined) return 0;
  if (wire.kind !== 'varint') throw new WireError(`field ${wire.number} holds bytes where a number belongs`);
  return Number(BigInt.asIntN(64, wire.value));
}
