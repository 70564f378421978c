import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { type Given, readBody } from '../shape/shape.js';
import { LOAD_BALANCER_POST, LOAD_BALANCER_PUT } from './fields.js';
import { insertGraph } from './graph.js';
import { describedChange } from './l7-policy-api.js';
import { NO_TRAFFIC } from './listener-api.js';
import type { LoadBalancer } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { pendingState, validationFailure } from './octavia-faults.js';
import { HANGING_PROVIDER, requireProvider } from './providers.js';
import { createdAnswer, manyAnswer, NO_CONTENT, oneAnswer } from './resource-answers.js';

const PATH = '/v2/lbaas/loadbalancers';
const FILTERS = ['description', 'provider', 'vip_address', 'vip_port_id', 'vip_subnet_id', 'vip_network_id'].concat([
  'vip_qos_policy_id',
  'flavor_id',
  'availability_zone',
]);
const DEFAULT_PROVIDER = 'amphora';
const DELETABLE = ['ACTIVE', 'ERROR'];

export function addLoadBalancerRoutes(routes: RouteTable, context: OctaviaContext): void {
  const read = (request: AuthenticatedRequest) =>
    context.read('loadbalancer', parameter(request, 'loadbalancer'), request.caller);
  routes
    .add('GET', PATH, (request) =>
      manyAnswer(request, context, {
        name: 'loadbalancers',
        items: context.visible(context.state.loadBalancers.values(), request.caller, request.query.get('project_id')),
        fields: FILTERS,
      }),
    )
    .add('GET', `${PATH}/:loadbalancer`, (request) => oneAnswer(request, context, 'loadbalancer', read(request)))
    .add('GET', `${PATH}/:loadbalancer/status`, (request) => ({
      status: 200,
      body: { statuses: context.views.statusTree(read(request)) },
    }))
    .add('GET', `${PATH}/:loadbalancer/stats`, (request) => {
      read(request);
      return { status: 200, body: { stats: NO_TRAFFIC } };
    })
    .add('POST', PATH, (request) => create(request, context))
    .add('PUT', `${PATH}/:loadbalancer`, (request) => {
      const given = readBody(request.body, {
        argument: 'load_balancer',
        root: 'loadbalancer',
        fields: LOAD_BALANCER_PUT,
      });
      const loadBalancer = context.write('loadbalancer', parameter(request, 'loadbalancer'), request.caller);
      if (loadBalancer.provisioning_status !== 'ACTIVE') throw pendingState(loadBalancer);
      const groups = given.vip_sg_ids === undefined ? {} : { vip_sg_ids: given.vip_sg_ids ?? [] };
      Object.assign(loadBalancer, describedChange(given, loadBalancer), groups, { updated_at: context.now() });
      context.worker.submit({ loadBalancer, operation: 'update', kind: 'loadbalancer', subjects: [loadBalancer] });
      return oneAnswer(request, context, 'loadbalancer', loadBalancer);
    })
    .add('DELETE', `${PATH}/:loadbalancer`, (request) => {
      const loadBalancer = context.write('loadbalancer', parameter(request, 'loadbalancer'), request.caller);
      const cascade = ['1', 't', 'true', 'on', 'y', 'yes'].includes((request.query.get('cascade') ?? '').toLowerCase());
      if (!cascade && context.state.childrenOf(loadBalancer).length > 0) {
        throw validationFailure(`Cannot delete Load Balancer ${loadBalancer.id} - it has children`);
      }
      if (!DELETABLE.includes(loadBalancer.provisioning_status)) throw pendingState(loadBalancer);
      context.worker.submit({ loadBalancer, operation: 'delete', kind: 'loadbalancer', subjects: [loadBalancer] });
      return NO_CONTENT;
    });
}

/** One request may bring everything: listeners, pools, members, monitors, policies and rules. */
function create(request: AuthenticatedRequest, context: OctaviaContext) {
  const given = readBody(request.body, {
    argument: 'load_balancer',
    root: 'loadbalancer',
    fields: LOAD_BALANCER_POST,
  });
  const projectId = given.project_id ?? request.caller.projectId;
  context.requireWriter(request.caller, projectId);
  const { subnetId } = vipSubnet(context, given);
  const provider = given.provider ?? DEFAULT_PROVIDER;
  requireProvider(provider);
  context.quotas.require('loadbalancer', projectId);

  const newborn = context.newborn(projectId);
  const vip = vipOf(context, given, { loadBalancerId: newborn.id, projectId, subnetId });
  const loadBalancer: LoadBalancer = {
    ...newborn,
    kind: 'loadbalancer',
    name: given.name ?? '',
    description: given.description ?? '',
    admin_state_up: given.admin_state_up ?? true,
    tags: given.tags ?? [],
    provider,
    ...vip,
    flavor_id: given.flavor_id ?? null,
    vip_qos_policy_id: given.vip_qos_policy_id ?? null,
    vip_sg_ids: given.vip_sg_ids ?? [],
    availability_zone: given.availability_zone ?? null,
  };
  context.state.loadBalancers.set(loadBalancer.id, loadBalancer);
  try {
    insertGraph(context, loadBalancer, given);
  } catch (error) {
    context.state.remove(loadBalancer);
    context.network.deleteVipPort(loadBalancer.vip_port_id);
    throw error;
  }
  if (provider === HANGING_PROVIDER) context.worker.hold(loadBalancer.id);
  context.worker.submit({
    loadBalancer,
    operation: 'create',
    kind: 'loadbalancer',
    subjects: [loadBalancer, ...context.state.childrenOf(loadBalancer)],
  });
  return createdAnswer('loadbalancer', context.views.fullLoadBalancer(loadBalancer));
}

type GivenVip = Pick<
  Given<typeof LOAD_BALANCER_POST>,
  'vip_port_id' | 'vip_network_id' | 'vip_subnet_id' | 'vip_address'
>;

/** The subnet that the VIP is to be in; undefined where the given port tells. @throws ApiFault 400 */
function vipSubnet(context: OctaviaContext, given: GivenVip): { subnetId: string | undefined } {
  const { vip_port_id, vip_network_id, vip_subnet_id } = given;
  if (vip_port_id) return { subnetId: undefined };
  if (vip_network_id) {
    const subnetId = vip_subnet_id ?? context.network.subnetOfNetwork(vip_network_id);
    if (subnetId === undefined) throw new ApiFault(400, `Network ${vip_network_id} not found.`);
    if (context.network.networkOfSubnet(subnetId) !== vip_network_id) throw subnetNotFound(subnetId);
    return { subnetId };
  }
  if (vip_subnet_id) {
    if (context.network.networkOfSubnet(vip_subnet_id) === undefined) throw subnetNotFound(vip_subnet_id);
    return { subnetId: vip_subnet_id };
  }
  throw new ApiFault(400, 'Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.');
}

function subnetNotFound(subnetId: string): ApiFault {
  return new ApiFault(400, `Subnet ${subnetId} not found.`);
}

function vipOf(
  context: OctaviaContext,
  given: GivenVip,
  owner: { loadBalancerId: string; projectId: string; subnetId: string | undefined },
): Pick<LoadBalancer, 'vip_address' | 'vip_port_id' | 'vip_subnet_id' | 'vip_network_id'> {
  if (given.vip_port_id) {
    const port = context.network.takePort(given.vip_port_id);
    return {
      vip_address: port.address,
      vip_port_id: given.vip_port_id,
      vip_subnet_id: port.subnetId,
      vip_network_id: port.networkId,
    };
  }
  const subnetId = owner.subnetId ?? '';
  const { portId, address } = context.network.createVipPort({
    loadBalancerId: owner.loadBalancerId,
    projectId: owner.projectId,
    subnetId,
    address: given.vip_address ?? null,
  });
  const networkId = context.network.networkOfSubnet(subnetId) ?? '';
  return { vip_address: address, vip_port_id: portId, vip_subnet_id: subnetId, vip_network_id: networkId };
}
