import type { Option } from '../option.js';
import { DEFAULT_OPTIONS } from './default.js';
import { DRIVER_NAME_OPTIONS } from './driver-names.js';
import { HEALTH_SERVER_OPTIONS } from './health-server.js';
import { INGRESS_OPTIONS } from './ingress.js';
import { KUBERNETES_OPTIONS } from './kubernetes.js';

/** Every option of this program itself; handlers and drivers bring their own besides. */
export const CORE_OPTIONS: readonly Option[] = [
  ...DEFAULT_OPTIONS,
  ...KUBERNETES_OPTIONS,
  ...DRIVER_NAME_OPTIONS,
  ...INGRESS_OPTIONS,
  ...HEALTH_SERVER_OPTIONS,
];
