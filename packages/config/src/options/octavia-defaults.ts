import type { Option } from '../option.js';
import { integer } from '../types/number.js';
import { oneOf } from '../types/one-of.js';

const group = 'octavia_defaults';

/** A day. */
const LONGEST = 86_400_000;

// Each is defined here once, as load balancers of Services and the L7 router share it.

export const LB_ALGORITHM: Option<'ROUND_ROBIN' | 'LEAST_CONNECTIONS' | 'SOURCE_IP' | 'SOURCE_IP_PORT'> = {
  group,
  name: 'lb_algorithm',
  type: oneOf(['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP', 'SOURCE_IP_PORT']),
  default: 'ROUND_ROBIN',
  help:
    "How pools choose a member; SOURCE_IP_PORT is the ovn provider's, and ROUND_ROBIN to the L7 router. The default is " +
    "Kuryr's.",
};

export const TIMEOUT_CLIENT_DATA: Option<number> = {
  group,
  name: 'timeout_client_data',
  type: integer({ minimum: 0, maximum: LONGEST }),
  default: 0,
  help: 'Milliseconds that a client of our listeners may be silent; 0 leaves it to Octavia (50000).',
};

export const TIMEOUT_MEMBER_DATA: Option<number> = {
  group,
  name: 'timeout_member_data',
  type: integer({ minimum: 0, maximum: LONGEST }),
  default: 0,
  help: 'Milliseconds that a member may be silent; 0 leaves it to Octavia (50000).',
};
