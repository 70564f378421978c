import type { IncomingHttpHeaders } from 'node:http';
import type { L7Policy } from '@kuryr-l7/router';
import type { LivePool } from '../pool/live-pool.js';

/** Where requests go, as of now: asked anew for each request, so that a new configuration holds from the next one on. */
export interface Routing {
  /** The policy that decides, or undefined where none matches. */
  match(listener: string, host: string, path: string, headers: IncomingHttpHeaders): L7Policy | undefined;
  pool(name: string): LivePool | undefined;
}
