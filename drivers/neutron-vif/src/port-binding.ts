import { ForbiddenError, type Port } from '@kuryr-l7/openstack';
import { ConfigurationError, type KuryrError, VifUnavailableError } from '@kuryr-l7/plugin';

/** Why a port, as it is bound to its host, can't be an interface that Open vSwitch serves; undefined where it can. */
export function bindingTrouble(port: Port): KuryrError | undefined {
  const type = port['binding:vif_type'];
  const host = port['binding:host_id'];
  if (type === 'ovs') return undefined;
  if (type === '') {
    return new ConfigurationError(
      'Neutron does not tell how ports are bound: the user of [neutron] needs the role admin, or a policy that lets it ' +
        'bind ports to hosts',
    );
  }
  if (type === 'binding_failed' || type === 'unbound') {
    return new VifUnavailableError(
      `Neutron can't bind a port to node ${host}: an agent of Neutron has to run there under this name and be alive ` +
        '("openstack network agent list")',
    );
  }
  return new ConfigurationError(`node ${host} is served by ${type}, and pod_vif_driver = neutron-vif knows ovs alone`);
}

/** What is thrown where a port could not be made: what to do about it, where that is known. */
export function bindingRefusal(error: unknown): unknown {
  if (!(error instanceof ForbiddenError) || !error.fault.includes('binding:host_id')) return error;
  return new ConfigurationError(
    `the user of [neutron] may not bind ports to hosts (${error.status} ${error.fault}): give it the role admin, or a policy ` +
      'for create_port:binding:host_id; where nodes are servers of the cloud, write pod_vif_driver = nested-vlan',
    { cause: error },
  );
}
