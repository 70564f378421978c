import type { IncomingMessage } from 'node:http';
import { parseDocument } from 'yaml';
import { badRequest, bodyTooLarge, unsupportedMediaType } from './api-error.js';
import { decodeProtobuf, PROTOBUF } from './protobuf/decode.js';
import { WireError } from './protobuf/wire.js';

/** The limit of kube-apiserver, which etcd's comes from. */
const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

const JSON_OR_YAML = ['application/json', 'application/yaml'];

/** What a create or a delete may also be sent as. An update may not: a status is not read from protobuf. */
export const OR_PROTOBUF = [...JSON_OR_YAML, PROTOBUF];

/** The media type of the body, without parameters; `application/json` when the client says none. */
export function mediaTypeOf(request: IncomingMessage): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  return type.trim() === '' ? 'application/json' : type.trim().toLowerCase();
}

/** The body as a JSON value; undefined when it is empty. Throws an ApiError: 400 malformed, 413 too large, 415 none of the accepted media types. */
export async function readBody(request: IncomingMessage, accepted: readonly string[] = JSON_OR_YAML): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += buffer.length;
    // The rest is read and forgotten, so that the client is still there for the answer.
    if (bytes <= BODY_LIMIT_BYTES) chunks.push(buffer);
  }
  if (bytes > BODY_LIMIT_BYTES) throw bodyTooLarge(BODY_LIMIT_BYTES);
  if (bytes === 0) return undefined;
  const mediaType = mediaTypeOf(request);
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
  if (mediaType === PROTOBUF) return parseProtobuf(Buffer.concat(chunks));
  const text = Buffer.concat(chunks).toString();
  return mediaType.endsWith('yaml') ? parseYaml(text) : parseJson(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized: couldn't get version/kind; json parse error: ${messageOf(error)}`,
    );
  }
}

/** YAML includes JSON; kubectl sends either as `application/apply-patch+yaml`. */
function parseYaml(text: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw badRequest(`error decoding YAML: ${error.message}`);
  return document.toJS();
}

function parseProtobuf(bytes: Uint8Array): unknown {
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    if (error instanceof WireError) throw badRequest(`error decoding protobuf: ${error.message}`);
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
