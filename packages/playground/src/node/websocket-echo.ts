import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const MESSAGE_TOO_BIG = 1009;
const PROTOCOL_ERROR = 1002;
const LONGEST_FRAME_BYTES = 16 * 1024 * 1024;

export function isWebSocket({ headers, method }: IncomingMessage): boolean {
  return (
    method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && headers['sec-websocket-key'] !== undefined
  );
}

/** Accepts the handshake and sends every frame back: text and binary as they are (fragments too), pongs for pings, a close for a close. */
export function echoWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
  const headers = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
  ];
  socket.write(`${headers.join('\r\n')}\r\n\r\n`);
  let buffered = head;
  const read = () => {
    for (let frame = readFrame(buffered); frame !== undefined; frame = readFrame(buffered)) {
      if ('error' in frame) {
        socket.end(frameOf(0x80 | CLOSE, statusPayload(frame.error)));
        return;
      }
      buffered = buffered.subarray(frame.length);
      const opcode = frame.first & 0x0f;
      if (opcode === CLOSE) {
        socket.end(frameOf(0x80 | CLOSE, frame.payload));
        return;
      }
      if (opcode === PING) socket.write(frameOf(0x80 | PONG, frame.payload));
      else if (opcode !== PONG) socket.write(frameOf(frame.first, frame.payload));
    }
  };
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    read();
  });
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  read();
}

interface Frame {
  /** FIN, reserved bits and opcode. */
  readonly first: number;
  readonly payload: Buffer;
  /** Bytes that the whole frame took. */
  readonly length: number;
}

/** Undefined until the whole frame is there. A client's frame must be masked (section 5.1). */
function readFrame(bytes: Buffer): Frame | { readonly error: number } | undefined {
  const first = bytes[0];
  const second = bytes[1];
  if (first === undefined || second === undefined) return undefined;
  if ((second & 0x80) === 0) return { error: PROTOCOL_ERROR };
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const header = 2 + extended + 4;
  if (bytes.length < header) return undefined;
  const size = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (size > LONGEST_FRAME_BYTES) return { error: MESSAGE_TOO_BIG };
  if (bytes.length < header + size) return undefined;
  const mask = bytes.subarray(header - 4, header);
  const payload = Buffer.from(bytes.subarray(header, header + size));
  for (let index = 0; index < size; index += 1) payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return { first, payload, length: header + size };
}

/** A server's frame is not masked. */
function frameOf(first: number, payload: Buffer): Buffer {
  if (payload.length < 126) return Buffer.concat([Buffer.from([first, payload.length]), payload]);
  const header = Buffer.alloc(payload.length < 0x10000 ? 4 : 10);
  header[0] = first;
  if (payload.length < 0x10000) {
    header[1] = 126;
    header.writeUInt16BE(payload.length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([header, payload]);
}

function statusPayload(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
}
