"""Reads payloads of annotations with the libraries that Kuryr uses, and writes
them back, as Kuryr does.

A line on stdin is one of

    {"read": payload}             answered by {"payload": written back}
    {"service_spec": {fields}}    answered by {"payload": made by Kuryr's way}

or by {"error": why not}.  VIFs, networks and subnets are os_vif's own classes;
Kuryr, which no distribution packages, is stood in for by classes with the
fields and versions of its objects/lbaas.py and objects/vif.py.
"""
import json
import sys

from os_vif import objects as os_vif_objects
from os_vif.objects import base as os_vif_base
from os_vif.objects import vif as os_vif_vif
from oslo_serialization import jsonutils
from oslo_versionedobjects import base
from oslo_versionedobjects import fields


class ListOfUUIDField(fields.AutoTypedField):
    AUTO_TYPE = fields.List(fields.UUID())


class DictOfVIFsField(fields.AutoTypedField):
    AUTO_TYPE = fields.Dict(fields.Object('VIFBase', subclasses=True))


class KuryrObject(base.VersionedObject, base.ComparableVersionedObject):
    OBJ_PROJECT_NAMESPACE = 'kuryr_kubernetes'

    def __init__(self, context=None, **kwargs):
        super().__init__(context, **kwargs)
        self.obj_set_defaults()
        self.obj_reset_changes()


def text(nullable=False):
    return fields.StringField(nullable=nullable)


def text_or_none():
    return fields.StringField(nullable=True, default=None)


def objects(name):
    return fields.ListOfObjectsField(name, default=[])


def object_or_none(name):
    return fields.ObjectField(name, nullable=True, default=None)


def kuryr_class(name, version, /, **its_fields):
    made = type(name, (KuryrObject,), {'VERSION': version, 'fields': its_fields})
    return base.VersionedObjectRegistry.register(made)


kuryr_class('LBaaSLoadBalancer', '1.3', id=fields.UUIDField(), project_id=text(), name=text(),
            ip=fields.IPAddressField(), subnet_id=fields.UUIDField(), port_id=fields.UUIDField(),
            provider=text_or_none(), security_groups=ListOfUUIDField(nullable=True, default=None))
kuryr_class('LBaaSListener', '1.0', id=fields.UUIDField(), project_id=text(), name=text(),
            loadbalancer_id=fields.UUIDField(), protocol=text(), port=fields.IntegerField())
kuryr_class('LBaaSPool', '1.1', id=fields.UUIDField(), project_id=text(), name=text(),
            loadbalancer_id=fields.UUIDField(), listener_id=fields.UUIDField(nullable=True), protocol=text())
kuryr_class('LBaaSMember', '1.0', id=fields.UUIDField(), project_id=text(), name=text(), pool_id=fields.UUIDField(),
            subnet_id=fields.UUIDField(), ip=fields.IPAddressField(), port=fields.IntegerField())
kuryr_class('LBaaSPubIp', '1.0', ip_id=fields.UUIDField(), ip_addr=fields.IPAddressField(), alloc_method=text())
kuryr_class('LBaaSState', '1.0', loadbalancer=object_or_none('LBaaSLoadBalancer'), listeners=objects('LBaaSListener'),
            pools=objects('LBaaSPool'), members=objects('LBaaSMember'),
            service_pub_ip_info=object_or_none('LBaaSPubIp'))
LBaaSPortSpec = kuryr_class('LBaaSPortSpec', '1.1', name=text(nullable=True), protocol=text(),
                            port=fields.IntegerField(), targetPort=text())
LBaaSServiceSpec = kuryr_class('LBaaSServiceSpec', '1.0', ip=fields.IPAddressField(nullable=True, default=None),
                               ports=objects('LBaaSPortSpec'), project_id=text_or_none(),
                               subnet_id=fields.UUIDField(nullable=True, default=None),
                               security_groups_ids=ListOfUUIDField(default=[]), type=text_or_none(),
                               lb_ip=fields.IPAddressField(nullable=True, default=None))
kuryr_class('LBaaSL7Policy', '1.0', id=fields.UUIDField(), name=text(nullable=True), listener_id=fields.UUIDField(),
            redirect_pool_id=fields.UUIDField(), project_id=text())
kuryr_class('LBaaSL7Rule', '1.0', id=fields.UUIDField(), compare_type=text(nullable=True),
            l7policy_id=fields.UUIDField(), type=text(nullable=True), value=text(nullable=True))
kuryr_class('LBaaSRouteState', '1.0', members=objects('LBaaSMember'), pool=object_or_none('LBaaSPool'))
kuryr_class('LBaaSRouteNotifEntry', '1.0', route_id=fields.UUIDField(), msg=text())
kuryr_class('LBaaSRouteNotifier', '1.0', routes=objects('LBaaSRouteNotifEntry'))


@base.VersionedObjectRegistry.register
class PodState(KuryrObject):
    VERSION = '1.0'
    # Its own namespace could not hold objects of another one.
    OBJ_PROJECT_NAMESPACE = 'os_vif'
    fields = {
        'default_vif': fields.ObjectField('VIFBase', subclasses=True, nullable=False),
        'additional_vifs': DictOfVIFsField(default={}),
    }


@base.VersionedObjectRegistry.register
class VIFVlanNested(os_vif_vif.VIFBase):
    VERSION = '1.0'
    fields = {'vif_name': fields.StringField(), 'vlan_id': fields.IntegerField()}


@base.VersionedObjectRegistry.register
class VIFMacvlanNested(os_vif_vif.VIFBase):
    VERSION = '1.0'
    fields = {'vif_name': fields.StringField()}


BASES = {'os_vif': os_vif_base.VersionedObject, 'kuryr_kubernetes': KuryrObject}


def written(thing):
    return jsonutils.dumps(thing.obj_to_primitive(), sort_keys=True)


def read(payload):
    primitive = jsonutils.loads(payload)
    return BASES[primitive['versioned_object.namespace']].obj_from_primitive(primitive)


def service_spec(given):
    ports = [LBaaSPortSpec(**port) for port in given.pop('ports')]
    spec = LBaaSServiceSpec(ports=ports, **given)
    spec.obj_reset_changes(recursive=True)
    return spec


def answer(request):
    try:
        made = read(request['read']) if 'read' in request else service_spec(request['service_spec'])
        return {'payload': written(made)}
    except Exception as error:
        return {'error': f'{type(error).__name__}: {error}'}


def main():
    os_vif_objects.register_all()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == '__main__':
    main()
