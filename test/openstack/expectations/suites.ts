import { CERTIFICATES } from './certificates.js';
import type { ExpectationSuite } from './expectation.js';
import { FLOATING_IPS } from './floating-ips.js';
import { IDENTITY } from './identity.js';
import { LISTS } from './lists.js';
import { LOAD_BALANCERS } from './load-balancers.js';
import { POD_PORTS } from './pod-ports.js';
import { POISON } from './poison.js';
import { POLICIES } from './policies.js';
import { POOLS } from './pools.js';
import { POPULATED } from './populated.js';
import { QUOTAS } from './quotas.js';
import { REQUESTS } from './requests.js';
import { ROUTING } from './routing.js';
import { RULES } from './rules.js';
import { SECRETS } from './secrets.js';
import { SERVICE_LOAD_BALANCERS } from './service-load-balancers.js';
import { VIP_PORTS } from './vip-ports.js';

export const EXPECTATION_SUITES: readonly ExpectationSuite[] = [
  IDENTITY,
  REQUESTS,
  LOAD_BALANCERS,
  POOLS,
  POLICIES,
  RULES,
  POISON,
  ROUTING,
  LISTS,
  POPULATED,
  QUOTAS,
  CERTIFICATES,
  SECRETS,
  FLOATING_IPS,
  POD_PORTS,
  SERVICE_LOAD_BALANCERS,
  VIP_PORTS,
];
