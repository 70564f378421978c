import type { CallOptions } from '../api/call-options.js';
import type { ServiceClient } from '../transport/service-client.js';
import { type Listener, type ListenerCreate, type ListenerUpdate, readListener } from './listener.js';
import type { ListenerFilter, Listeners } from './octavia-client.js';
import { OctaviaCollection } from './octavia-collection.js';
import { readTrafficStatistics, type TrafficStatistics } from './status-tree.js';

export class HttpListeners
  extends OctaviaCollection<Listener, ListenerCreate, ListenerUpdate, ListenerFilter>
  implements Listeners
{
  constructor(private readonly octavia: ServiceClient) {
    super(octavia, { path: '/v2/lbaas/listeners', singular: 'listener', plural: 'listeners', read: readListener });
  }

  statistics(id: string, options: CallOptions = {}): Promise<TrafficStatistics> {
    return this.octavia.request('GET', `${this.pathOf(id)}/stats`, options, (answer) =>
      answer.reader().object('stats', readTrafficStatistics),
    );
  }
}
