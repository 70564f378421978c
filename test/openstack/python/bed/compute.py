"""Octavia compute driver without Nova.

Octavia's no-op compute driver does not work with its real network driver:
attach_network_or_port() returns None, which puts every load balancer in
ERROR.  This one does to Neutron what Nova would do: attaching a port writes
device_id and device_owner on it (or creates a port where only a network is
named), detaching takes them off, deleting a server deletes the ports made for
it.  No server exists anywhere.
"""
import types

from openstack import exceptions as sdk_exceptions
from oslo_utils import uuidutils

from octavia.common import clients
from octavia.common import constants
from octavia.common import data_models
from octavia.compute import compute_base
from octavia.db import api as db_api
from octavia.db import repositories

from bed import haproxy

DEVICE_OWNER = 'compute:bed'
MADE = 'bed-server-port'
# All "amphorae" live on this host, so they need no management network.
MANAGEMENT_ADDRESS = '127.0.0.1'


class NeutronOnlyComputeDriver(compute_base.ComputeBase):

    def __init__(self):
        super().__init__()
        self._neutron = None

    @property
    def neutron(self):
        if self._neutron is None:
            self._neutron = clients.NeutronAuth.get_neutron_client().network
        return self._neutron

    def build(self, *args, **kwargs):
        return uuidutils.generate_uuid()

    def delete(self, compute_id):
        # A virtual machine would take its haproxy with it.
        with db_api.session().begin() as session:
            amphora = repositories.AmphoraRepository().get(
                session, compute_id=compute_id)
            load_balancer_id = amphora.load_balancer_id if amphora else None
        if load_balancer_id:
            haproxy.stop(load_balancer_id)
        for port in list(self.neutron.ports(device_id=compute_id)):
            if (port.name or '').startswith(MADE):
                self.neutron.delete_port(port.id, ignore_missing=True)
            else:
                self.detach_port(compute_id, port.id)

    def status(self, compute_id):
        return constants.UP

    def get_amphora(self, compute_id, management_network_id=None):
        return data_models.Amphora(
            compute_id=compute_id, status=constants.ACTIVE,
            lb_network_ip=MANAGEMENT_ADDRESS), None

    def create_server_group(self, name, policy):
        return types.SimpleNamespace(id=uuidutils.generate_uuid())

    def delete_server_group(self, server_group_id):
        pass

    def attach_network_or_port(self, compute_id, network_id=None,
                               ip_address=None, port_id=None):
        if port_id:
            port = self.neutron.update_port(
                port_id, device_id=compute_id, device_owner=DEVICE_OWNER)
        else:
            body = {'network_id': network_id, 'device_id': compute_id,
                    'device_owner': DEVICE_OWNER, 'name': MADE,
                    'admin_state_up': True}
            if ip_address:
                body['fixed_ips'] = [{'ip_address': ip_address}]
            port = self.neutron.create_port(**body)
        return types.SimpleNamespace(id=port.id, port_id=port.id,
                                     net_id=port.network_id,
                                     fixed_ips=port.fixed_ips)

    def detach_port(self, compute_id, port_id):
        try:
            self.neutron.update_port(port_id, device_id='', device_owner='')
        except sdk_exceptions.NotFoundException:
            pass

    def validate_flavor(self, flavor_id):
        pass

    def validate_availability_zone(self, availability_zone):
        pass
