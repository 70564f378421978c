import { isIP } from 'node:net';
import { filePath, integer, optional, port, string } from '@kuryr-l7/config';
import type { Option, OptionType } from '@kuryr-l7/plugin';
import { DEFAULT_TIMEOUTS } from './local-router-options.js';

const group = 'local_router';

const ipAddress: OptionType<string> = {
  name: 'IP address',
  parse(text) {
    const address = text.trim();
    if (isIP(address) === 0) throw new Error(`${JSON.stringify(text)} is not an IPv4 or IPv6 address`);
    return address;
  },
  format: (value) => value,
};

export const BIND_ADDRESS: Option<string> = {
  group,
  name: 'bind_address',
  type: ipAddress,
  default: '127.0.0.1',
  help:
    'IP address that the router in this process listens on. The default is reachable from this machine only; 0.0.0.0 or ' +
    ':: is reachable from everywhere.',
};

export const HTTP_PORT: Option<number> = {
  group,
  name: 'http_port',
  type: port(),
  default: 8080,
  help: 'Port of the HTTP listener; 0 picks a free one.',
};

export const HTTPS_PORT: Option<number> = {
  group,
  name: 'https_port',
  type: integer({ minimum: -1, maximum: 65_535 }),
  default: -1,
  help: 'Port of the HTTPS listener; 0 picks a free one, -1 means that there is none.',
};

export const EXTERNAL_ADDRESS: Option<string | undefined> = {
  group,
  name: 'external_address',
  type: optional(string()),
  default: undefined,
  help:
    'IP address or host name by which clients reach the router, for the status of Ingresses, if it is not the one listened ' +
    'on (behind NAT or a load balancer).',
};

export const EXTERNAL_HTTP_PORT: Option<number | undefined> = {
  group,
  name: 'external_http_port',
  type: optional(port({ minimum: 1 })),
  default: undefined,
  help: 'Port that clients use for HTTP, if it is not the one listened on. Members see it as X-Forwarded-Port.',
};

export const EXTERNAL_HTTPS_PORT: Option<number | undefined> = {
  group,
  name: 'external_https_port',
  type: optional(port({ minimum: 1 })),
  default: undefined,
  help: 'Port that clients use for HTTPS, if it is not the one listened on. Members see it as X-Forwarded-Port.',
};

export const TLS_CERTIFICATE_FILE: Option<string | undefined> = {
  group,
  name: 'tls_certificate_file',
  type: optional(filePath()),
  default: undefined,
  help:
    'PEM file with the certificate of the HTTPS listener and its chain. Goes with tls_key_file. Not set by default: a ' +
    'self-signed certificate is made at every start.',
};

export const TLS_KEY_FILE: Option<string | undefined> = {
  group,
  name: 'tls_key_file',
  type: optional(filePath()),
  default: undefined,
  help: 'PEM file with the private key of the HTTPS listener. Goes with tls_certificate_file.',
};

export const TIMEOUT_CLIENT_HEADER: Option<number> = {
  group,
  name: 'timeout_client_header',
  type: integer({ minimum: 1 }),
  default: DEFAULT_TIMEOUTS.clientHeader,
  help: 'Milliseconds that a client has to send the whole head of a request.',
};

export const TIMEOUT_CLIENT_KEEP_ALIVE: Option<number> = {
  group,
  name: 'timeout_client_keep_alive',
  type: integer({ minimum: 1 }),
  default: DEFAULT_TIMEOUTS.clientKeepAlive,
  help: 'Milliseconds after which a client connection without a request is closed.',
};

export const TIMEOUT_CLIENT_DATA: Option<number> = {
  group,
  name: 'timeout_client_data',
  type: integer({ minimum: 1 }),
  default: DEFAULT_TIMEOUTS.clientData,
  help:
    'Milliseconds after which a client that neither sends the rest of its request nor reads its answer is cut off. Same ' +
    "meaning and default as Octavia's.",
};

export const TIMEOUT_MEMBER_CONNECT: Option<number> = {
  group,
  name: 'timeout_member_connect',
  type: integer({ minimum: 1 }),
  default: DEFAULT_TIMEOUTS.memberConnect,
  help: "Milliseconds that a member has to accept a connection; then another one is tried. Octavia's default.",
};

export const TIMEOUT_MEMBER_DATA: Option<number> = {
  group,
  name: 'timeout_member_data',
  type: integer({ minimum: 1 }),
  default: DEFAULT_TIMEOUTS.memberData,
  help:
    "Milliseconds that a member may be silent, before its answer (then the client gets 504) or within it. Octavia's " +
    'default. WebSockets have no limit.',
};

export const MAX_HEADER_SIZE: Option<number> = {
  group,
  name: 'max_header_size',
  type: integer({ minimum: 1_024, maximum: 1_048_576 }),
  default: 16_384,
  help: 'Longest head of a request in bytes; a longer one gets 431.',
};

export const LOCAL_ROUTER_OPTIONS: readonly Option[] = [
  BIND_ADDRESS,
  HTTP_PORT,
  HTTPS_PORT,
  EXTERNAL_ADDRESS,
  EXTERNAL_HTTP_PORT,
  EXTERNAL_HTTPS_PORT,
  TLS_CERTIFICATE_FILE,
  TLS_KEY_FILE,
  TIMEOUT_CLIENT_HEADER,
  TIMEOUT_CLIENT_KEEP_ALIVE,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_CONNECT,
  TIMEOUT_MEMBER_DATA,
  MAX_HEADER_SIZE,
] as readonly Option[];
