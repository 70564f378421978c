import type { Login, OpenStackSimulator } from './index.js';

export interface Answer {
  readonly status: number;
  // Tests look into it as they expect it to be.
  readonly body: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Raw requests of one user to Octavia. */
export class SimulatorClient {
  readonly #simulator: OpenStackSimulator;
  readonly token: string;

  static async logIn(simulator: OpenStackSimulator, login: Login = simulator.credentials): Promise<SimulatorClient> {
    const user = { id: login.userId, password: login.password };
    const identity = { methods: ['password'], password: { user } };
    const response = await fetch(`${simulator.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { id: login.projectId } } } }),
    });
    await response.arrayBuffer();
    return new SimulatorClient(simulator, response.headers.get('x-subject-token') ?? '');
  }

  private constructor(simulator: OpenStackSimulator, token: string) {
    this.#simulator = simulator;
    this.token = token;
  }

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#simulator.facts.endpoints.loadBalancer}/v2/lbaas${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-auth-token': this.token },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  }

  /** Asks for a load balancer with an HTTP listener. @returns its id; it is PENDING_CREATE */
  async createLoadBalancer(fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { networks } = this.#simulator.facts;
    const listeners = [{ protocol: 'HTTP', protocol_port: 80 }];
    const loadbalancer = { vip_subnet_id: networks.vips.subnetId, listeners, ...fields };
    const { body } = await this.send('POST', '/loadbalancers', { loadbalancer });
    return String(body.loadbalancer?.id);
  }

  createPool(loadBalancerId: string, name = 'pool'): Promise<Answer> {
    const pool = { loadbalancer_id: loadBalancerId, name, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
    return this.send('POST', '/pools', { pool });
  }

  async provisioningStatus(loadBalancerId: string): Promise<unknown> {
    const { body } = await this.send('GET', `/loadbalancers/${loadBalancerId}`);
    return body.loadbalancer?.provisioning_status;
  }
}
