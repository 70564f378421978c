import type { LbAlgorithm } from '@kuryr-l7/router';
import type { Balancer } from './candidate.js';
import { LeastConnections } from './least-connections.js';
import { RoundRobin } from './round-robin.js';
import { SourceIp } from './source-ip.js';

export function createBalancer(algorithm: LbAlgorithm): Balancer {
  switch (algorithm) {
    case 'ROUND_ROBIN':
      return new RoundRobin();
    case 'LEAST_CONNECTIONS':
      return new LeastConnections();
    case 'SOURCE_IP':
      return new SourceIp();
  }
}
