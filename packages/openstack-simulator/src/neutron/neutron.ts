import { randomUUID } from 'node:crypto';
import { type Clock, timestamp } from '../clock.js';
import type { ApiFault } from '../http/api-fault.js';
import { ApiService } from '../http/api-service.js';
import { addFloatingIpRoutes } from './floating-ip-api.js';
import { NetworkAgents } from './network-agents.js';
import { addNetworkRoutes } from './network-api.js';
import { NeutronState } from './neutron-state.js';
import { addPortRoutes } from './port-api.js';
import { addNeutronQuotaRoutes, type NeutronQuotas } from './quota-api.js';
import { addRouterRoutes } from './router-api.js';
import { addSecurityGroupRoutes } from './security-group-api.js';
import { addTrunkRoutes } from './trunk-api.js';

/** What the parts of the Neutron API share. */
export interface NeutronContext {
  readonly state: NeutronState;
  readonly quotas: NeutronQuotas;
  readonly agents: NetworkAgents;
  /** Id of the router that joins the networks; floating IPs go through it. */
  readonly routerId: string;
  now(): string;
  /** What every new object begins with. */
  newborn(projectId: string): {
    id: string;
    project_id: string;
    created_at: string;
    updated_at: string;
    revision_number: number;
    tags: readonly string[];
  };
}

/** Neutron v2.0 as far as load balancers and Pods need it. */
export class Neutron extends ApiService {
  readonly prefix = '/networking';
  readonly state = new NeutronState();
  readonly quotas: NeutronQuotas = new Map();
  readonly agents: NetworkAgents;
  readonly context: NeutronContext;

  constructor(clock: Clock, routerId: string) {
    super();
    this.agents = new NetworkAgents(clock);
    const now = () => `${timestamp(clock.now())}Z`;
    this.context = {
      state: this.state,
      quotas: this.quotas,
      agents: this.agents,
      routerId,
      now,
      newborn: (projectId) => ({
        id: randomUUID(),
        project_id: projectId,
        created_at: now(),
        updated_at: now(),
        revision_number: 0,
        tags: [],
      }),
    };
    this.routes.addOpen('GET', '/', ({ serviceUrl }) => ({
      status: 200,
      body: {
        versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: `${serviceUrl}/v2.0/` }] }],
      },
    }));
    addNetworkRoutes(this.routes, this.context);
    addPortRoutes(this.routes, this.context);
    addTrunkRoutes(this.routes, this.context);
    addRouterRoutes(this.routes, this.context);
    addFloatingIpRoutes(this.routes, this.context);
    addSecurityGroupRoutes(this.routes, this.context);
    addNeutronQuotaRoutes(this.routes, this.context);
  }

  faultBody({ type, message }: ApiFault): unknown {
    return { NeutronError: { type, message, detail: '' } };
  }
}
