import { OBJECT_MESSAGES } from './object-messages.js';
import { POD_MESSAGES } from './pod-messages.js';

/** One field of a protobuf message, and where it goes in JSON. */
export interface MessageField {
  readonly name: string;
  /** A scalar, `Time`, `MicroTime`, `Quantity`, `IntOrString`, or the name of a message. */
  readonly type: string;
  readonly shape: 'single' | 'list' | 'map';
  /** A pointer in Go: a zero means something. Other zeros are left out, as `omitempty` does. */
  readonly pointer: boolean;
  /** Its fields belong to the message around it (`,inline` in Go). */
  readonly inline: boolean;
  /** Not read: a status, which no create may set. */
  readonly ignored: boolean;
}

export type Message = ReadonlyMap<number, MessageField>;

/** By the name of the Go type. */
export const MESSAGES: ReadonlyMap<string, Message> = parseMessages(`${OBJECT_MESSAGES}${POD_MESSAGES}`);

/**
 * `Name: 1 field type, 2 list type[], 3 labels map<type>, 4 pointer type?, 5 ... Inlined, 6 ignored -`, one message after the other; lines
 * may be broken anywhere between words.
 */
function parseMessages(text: string): ReadonlyMap<string, Message> {
  const messages = [...text.matchAll(/(\w+):\s([^:]*?)(?=\s+\w+:\s|\s*$)/g)];
  return new Map(messages.map(([, name = '', fields = '']) => [name, new Map(fields.split(',').map(parseField))]));
}

function parseField(text: string): [number, MessageField] {
  const [number = '', name = '', type = ''] = text.trim().split(/\s+/);
  const shape = type.startsWith('map<') ? 'map' : type.endsWith('[]') ? 'list' : 'single';
  return [
    Number(number),
    {
      name,
      type: type.replace(/^map<|>$|\[\]$|\?$/g, ''),
      shape,
      pointer: type.endsWith('?'),
      inline: name === '...',
      ignored: type === '-',
    },
  ];
}
