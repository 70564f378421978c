import type { CallOptions } from '../api/call-options.js';
import type { ServiceClient } from '../transport/service-client.js';
import {
  type LoadBalancer,
  type LoadBalancerCreate,
  type LoadBalancerUpdate,
  readLoadBalancer,
} from './load-balancer.js';
import type { LoadBalancerFilter, LoadBalancers } from './octavia-client.js';
import { OctaviaCollection } from './octavia-collection.js';
import {
  type LoadBalancerStatus,
  readLoadBalancerStatus,
  readTrafficStatistics,
  type TrafficStatistics,
} from './status-tree.js';

export class HttpLoadBalancers
  extends OctaviaCollection<LoadBalancer, LoadBalancerCreate, LoadBalancerUpdate, LoadBalancerFilter>
  implements LoadBalancers
{
  constructor(private readonly octavia: ServiceClient) {
    super(octavia, {
      path: '/v2/lbaas/loadbalancers',
      singular: 'loadbalancer',
      plural: 'loadbalancers',
      read: readLoadBalancer,
    });
  }

  status(id: string, options: CallOptions = {}): Promise<LoadBalancerStatus> {
    return this.octavia.request('GET', `${this.pathOf(id)}/status`, options, (answer) =>
      answer.reader().object('statuses', (statuses) => statuses.object('loadbalancer', readLoadBalancerStatus)),
    );
  }

  statistics(id: string, options: CallOptions = {}): Promise<TrafficStatistics> {
    return this.octavia.request('GET', `${this.pathOf(id)}/stats`, options, (answer) =>
      answer.reader().object('stats', readTrafficStatistics),
    );
  }

  override delete(id: string, options: CallOptions & { readonly cascade?: boolean } = {}): Promise<void> {
    const { cascade, ...call } = options;
    return this.octavia.request('DELETE', this.pathOf(id), { ...call, query: { cascade } }, () => undefined);
  }
}
