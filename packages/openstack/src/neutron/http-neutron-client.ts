import type { CallOptions } from '../api/call-options.js';
import { ResourceCollection, type ResourceKind } from '../api/resource-collection.js';
import type { ServiceClient } from '../transport/service-client.js';
import { type Extension, readExtension } from './extension.js';
import { readFloatingIp } from './floating-ip.js';
import { readNetwork } from './network.js';
import type { NeutronClient, TaggedKind } from './neutron-client.js';
import { type Port, type PortCreate, readPort } from './port.js';
import { type NetworkQuota, readNetworkQuota } from './quota.js';
import { readSecurityGroup } from './security-group.js';
import { readSecurityGroupRule } from './security-group-rule.js';
import { readSubnet } from './subnet.js';
import { readTrunk, type Subport, type Trunk } from './trunk.js';

const ROOT = '/v2.0';

export class HttpNeutronClient implements NeutronClient {
  readonly networks: NeutronClient['networks'];
  readonly subnets: NeutronClient['subnets'];
  readonly ports: NeutronClient['ports'];
  readonly trunks: NeutronClient['trunks'];
  readonly floatingIps: NeutronClient['floatingIps'];
  readonly securityGroups: NeutronClient['securityGroups'];
  readonly securityGroupRules: NeutronClient['securityGroupRules'];

  constructor(private readonly neutron: ServiceClient) {
    this.networks = new ResourceCollection(neutron, kind('network', readNetwork));
    this.subnets = new ResourceCollection(neutron, kind('subnet', readSubnet));
    this.ports = new ResourceCollection(neutron, kind('port', readPort));
    this.trunks = new ResourceCollection(neutron, kind('trunk', readTrunk));
    this.floatingIps = new ResourceCollection(neutron, kind('floatingip', readFloatingIp));
    this.securityGroups = new ResourceCollection(neutron, kind('security_group', readSecurityGroup));
    this.securityGroupRules = new ResourceCollection(neutron, kind('security_group_rule', readSecurityGroupRule));
  }

  createPorts(ports: readonly PortCreate[], options: CallOptions = {}): Promise<readonly Port[]> {
    return this.neutron.request('POST', `${ROOT}/ports`, { ...options, body: { ports } }, (answer) =>
      answer.reader().requiredList('ports', readPort),
    );
  }

  setSecurityGroups(
    { id, revision_number }: Pick<Port, 'id' | 'revision_number'>,
    security_groups: readonly string[],
    options: CallOptions = {},
  ): Promise<Port> {
    const path = `${ROOT}/ports/${encodeURIComponent(id)}`;
    const condition = revision_number === null ? {} : { ifMatch: `revision_number=${revision_number}` };
    const request = { ...options, ...condition, body: { port: { security_groups } } };
    return this.neutron.request('PUT', path, request, (answer) => answer.reader().object('port', readPort));
  }

  addSubports(trunkId: string, subports: readonly Subport[], options: CallOptions = {}): Promise<Trunk> {
    return this.#changeTrunk(trunkId, 'add_subports', subports, options);
  }

  removeSubports(trunkId: string, portIds: readonly string[], options: CallOptions = {}): Promise<Trunk> {
    const subports = portIds.map((id) => ({ port_id: id }));
    return this.#changeTrunk(trunkId, 'remove_subports', subports, options);
  }

  addRouterInterface(routerId: string, subnetId: string, options: CallOptions = {}): Promise<void> {
    return this.#changeRouter(routerId, 'add_router_interface', subnetId, options);
  }

  removeRouterInterface(routerId: string, subnetId: string, options: CallOptions = {}): Promise<void> {
    return this.#changeRouter(routerId, 'remove_router_interface', subnetId, options);
  }

  setTags(
    taggedKind: TaggedKind,
    id: string,
    tags: readonly string[],
    options: CallOptions = {},
  ): Promise<readonly string[]> {
    const path = `${ROOT}/${taggedKind}/${encodeURIComponent(id)}/tags`;
    return this.neutron.request('PUT', path, { ...options, body: { tags } }, (answer) =>
      answer.reader().strings('tags'),
    );
  }

  #changeTrunk(trunkId: string, action: string, sub_ports: readonly object[], options: CallOptions): Promise<Trunk> {
    const path = `${ROOT}/trunks/${encodeURIComponent(trunkId)}/${action}`;
    return this.neutron.request('PUT', path, { ...options, body: { sub_ports } }, (answer) =>
      readTrunk(answer.reader()),
    );
  }

  #changeRouter(routerId: string, action: string, subnet_id: string, options: CallOptions): Promise<void> {
    const path = `${ROOT}/routers/${encodeURIComponent(routerId)}/${action}`;
    return this.neutron.request('PUT', path, { ...options, body: { subnet_id } }, () => undefined);
  }

  quota(projectId: string, options: CallOptions = {}): Promise<NetworkQuota> {
    return this.neutron.request('GET', `${ROOT}/quotas/${encodeURIComponent(projectId)}`, options, (answer) =>
      answer.reader().object('quota', readNetworkQuota),
    );
  }

  extensions(options: CallOptions = {}): Promise<readonly Extension[]> {
    return this.neutron.request('GET', `${ROOT}/extensions`, options, (answer) =>
      answer.reader().requiredList('extensions', readExtension),
    );
  }
}

/** Neutron writes a kind with dashes in paths and with underscores in bodies. */
function kind<T>(singular: string, read: ResourceKind<T>['read']): ResourceKind<T> {
  return { path: `${ROOT}/${singular.replaceAll('_', '-')}s`, singular, plural: `${singular}s`, read };
}
