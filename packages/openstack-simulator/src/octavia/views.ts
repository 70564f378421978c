import type { Child, HealthMonitor, L7Policy, L7Rule, Listener, LoadBalancer, Member, Pool } from './objects.js';
import type { OctaviaState } from './octavia-state.js';

/** An object as the API answers it. */
export type View = Readonly<Record<string, unknown>>;

const idOnly = ({ id }: { id: string }) => ({ id });

/** Turns stored objects into answers. */
export class Views {
  readonly #state: OctaviaState;

  constructor(state: OctaviaState) {
    this.#state = state;
  }

  of(object: Child | LoadBalancer): View {
    switch (object.kind) {
      case 'loadbalancer':
        return this.loadBalancer(object);
      case 'listener':
        return this.listener(object);
      case 'pool':
        return this.pool(object);
      case 'member':
        return this.member(object);
      case 'healthmonitor':
        return this.healthMonitor(object);
      case 'l7policy':
        return this.l7Policy(object);
      case 'l7rule':
        return this.l7Rule(object);
    }
  }

  loadBalancer(loadBalancer: LoadBalancer): View {
    const { kind: _, ...fields } = loadBalancer;
    return {
      ...withTenant(fields),
      vip_vnic_type: 'normal',
      additional_vips: [],
      listeners: this.#state.listenersOf(loadBalancer).map(idOnly),
      pools: this.#state.poolsOf(loadBalancer).map(idOnly),
    };
  }

  /** The answer to a fully populated create: everything with all its children. */
  fullLoadBalancer(loadBalancer: LoadBalancer): View {
    return {
      ...this.loadBalancer(loadBalancer),
      listeners: this.#state.listenersOf(loadBalancer).map((listener) => ({
        ...without(this.listener(listener), 'loadbalancers'),
        l7policies: this.#state.policiesOf(listener).map((policy) => ({
          ...this.l7Policy(policy),
          rules: this.#state.rulesOf(policy).map((rule) => this.l7Rule(rule)),
        })),
      })),
      pools: this.#state.poolsOf(loadBalancer).map((pool) => {
        const monitor = this.#state.healthMonitorOf(pool);
        return {
          ...without(this.pool(pool), 'loadbalancers'),
          members: this.#state.membersOf(pool).map((member) => this.member(member)),
          ...(monitor !== undefined && { healthmonitor: without(this.healthMonitor(monitor), 'pools') }),
        };
      }),
    };
  }

  listener(listener: Listener): View {
    const { kind: _, loadbalancer_id, ...fields } = listener;
    return {
      ...withTenant(fields),
      loadbalancers: [{ id: loadbalancer_id }],
      l7policies: this.#state.policiesOf(listener).map(idOnly),
    };
  }

  pool(pool: Pool): View {
    const { kind: _, loadbalancer_id, ...fields } = pool;
    const monitor = this.#state.healthMonitorOf(pool);
    return {
      ...withTenant(fields),
      loadbalancers: [{ id: loadbalancer_id }],
      listeners: this.#state.listenersUsing(pool).map(idOnly),
      members: this.#state.membersOf(pool).map(idOnly),
      ...(monitor !== undefined && { healthmonitor_id: monitor.id }),
    };
  }

  member(member: Member): View {
    const { kind: _, pool_id: __, ...fields } = member;
    return withTenant(fields);
  }

  healthMonitor(monitor: HealthMonitor): View {
    const { kind: _, pool_id, ...fields } = monitor;
    return { ...withTenant(fields), pools: [{ id: pool_id }] };
  }

  l7Policy(policy: L7Policy): View {
    const { kind: _, ...fields } = policy;
    return { ...withTenant(fields), rules: this.#state.rulesOf(policy).map(idOnly) };
  }

  l7Rule(rule: L7Rule): View {
    const { kind: _, name: __, l7policy_id: ___, ...fields } = rule;
    return withTenant(fields);
  }

  /** The tree of `GET /loadbalancers/{id}/status`; policies are not in it. */
  statusTree(loadBalancer: LoadBalancer): View {
    return {
      loadbalancer: {
        ...statuses(loadBalancer),
        listeners: this.#state.listenersOf(loadBalancer).map((listener) => ({
          ...statuses(listener),
          pools: this.#state.poolsUsedBy(listener).map((pool) => this.#poolStatus(pool)),
        })),
      },
    };
  }

  #poolStatus(pool: Pool): View {
    const monitor = this.#state.healthMonitorOf(pool);
    return {
      ...statuses(pool),
      ...(monitor !== undefined && { health_monitor: { ...statuses(monitor), type: monitor.type } }),
      members: this.#state.membersOf(pool).map((member) => ({
        ...statuses(member),
        address: member.address,
        protocol_port: member.protocol_port,
      })),
    };
  }
}

function statuses({ id, name, operating_status, provisioning_status }: Child | LoadBalancer): View {
  return { id, name, operating_status, provisioning_status };
}

/** Octavia still answers the project under its name of old, too. */
function withTenant<F extends { project_id: string }>(fields: F): F & { tenant_id: string } {
  return { ...fields, tenant_id: fields.project_id };
}

function without(view: View, field: string): View {
  const { [field]: _, ...rest } = view;
  return rest;
}
