import type { ApiFault } from './api-fault.js';
import { Interference } from './interference.js';
import { RouteTable } from './route-table.js';
import { Traffic } from './traffic.js';

/** One service of the simulated cloud: its routes, its way to tell errors, and what a test can do to it. */
export abstract class ApiService {
  readonly routes = new RouteTable();
  readonly traffic = new Traffic();
  readonly interference = new Interference();
  /** Where it is on the simulator's port, e.g. `/load-balancer`. */
  abstract readonly prefix: string;

  /** Body of an error answer. */
  abstract faultBody(fault: ApiFault): unknown;
}
