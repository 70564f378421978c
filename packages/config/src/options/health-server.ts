import type { Option } from '../option.js';
import { integer } from '../types/number.js';
import { string } from '../types/string.js';

const group = 'health_server';

export const HEALTH_SERVER_BIND_ADDRESS: Option<string> = {
  group,
  name: 'bind_address',
  type: string(),
  default: '',
  help:
    'Address that probes and metrics are served on. Empty, the default, serves on every address, IPv4 and IPv6, as the ' +
    'kubelet probes by the address of the Pod.',
};

export const HEALTH_SERVER_PORT: Option<number> = {
  group,
  name: 'port',
  type: integer({ minimum: -1, maximum: 65535 }),
  default: 8082,
  help: "Port of probes and metrics; 0 picks a free one, -1 serves none. The default is Kuryr's.",
};

/** The options of section `[health_server]`. */
export const HEALTH_SERVER_OPTIONS: readonly Option[] = [HEALTH_SERVER_BIND_ADDRESS, HEALTH_SERVER_PORT];
