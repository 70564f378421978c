import type { NeutronClient } from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';

/**
 * Id of the network that floating IPs are taken from.
 * @throws ConfigurationError where none is named, or the name fits none or several
 */
export async function externalNetwork(neutron: NeutronClient, nameOrId: string | undefined): Promise<string> {
  if (nameOrId === undefined) {
    throw new ConfigurationError(
      '[neutron_defaults] external_svc_net is not set: name the external network that floating IPs are taken from ("openstack network list --external")',
    );
  }
  const networks = await neutron.networks.list({ 'router:external': true });
  const fitting = networks.filter(({ id, name }) => id === nameOrId || name === nameOrId);
  const [network] = fitting;
  if (network !== undefined && fitting.length === 1) return network.id;
  const names = networks.map(({ name, id }) => name || id).join(', ') || 'none';
  throw new ConfigurationError(
    network === undefined
      ? `there is no external network ${nameOrId} (there are: ${names}); see [neutron_defaults] external_svc_net`
      : `several external networks are called ${nameOrId}; give the id`,
  );
}
