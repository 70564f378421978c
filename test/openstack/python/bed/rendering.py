"""Serves L7 policies by a haproxy that Octavia's own code configures, with no
cloud around it: rows in a database in memory, read by Octavia's repository,
rendered by its amphora driver, as ListenersUpdate does after each change.

A line on stdin is a load balancer in JSON; it replaces the one before:

    {"address": IP, "listeners": [
        {"port": N, "pools": [...], "policies": [...], "defaultPool": S}]}

Pools, members, policies and rules are those of packages/router's model;
policies come in order of position, pools are named.  The line that answers, once haproxy
serves it, is {"configuration": haproxy.cfg} or {"error": why not}.
"""
import json
import random
import sys
import traceback

from oslo_config import cfg
from oslo_utils import uuidutils
from sqlalchemy import orm

from octavia.common import config as _options  # noqa: F401, registers them
from octavia.common import constants
from octavia.db import api as db_api
from octavia.db import base_models
from octavia.db import models
from octavia.db import repositories

from bed import haproxy

PROJECT = 'a project'
# Octavia's own default, 50000 for each listener, would cost haproxy memory.
CONNECTION_LIMIT = 100
READ_AHEAD = (models.LoadBalancer, models.Listener, models.Pool,
              models.Member, models.L7Policy, models.L7Rule)


def row(model, **fields):
    if 'project_id' in model.__table__.columns:
        fields['project_id'] = PROJECT
    for name in ('provisioning_status', 'operating_status'):
        if name in model.__table__.columns:
            fields[name] = (constants.ACTIVE if name[0] == 'p'
                            else constants.ONLINE)
    if 'enabled' in model.__table__.columns:
        fields.setdefault('enabled', True)
    if 'id' in model.__table__.columns:
        fields.setdefault('id', uuidutils.generate_uuid())
    return model(**fields)


def pool_rows(load_balancer_id, port, pool):
    # The name of the backend: not a UUID, for whoever reads haproxy.cfg.
    pool_row = row(models.Pool, id='%d_%s' % (port, pool['name']),
                   load_balancer_id=load_balancer_id,
                   protocol=pool['protocol'],
                   lb_algorithm=pool['lbAlgorithm'])
    yield pool_row
    for member in pool['members']:
        yield row(models.Member, pool_id=pool_row.id,
                  ip_address=member['address'],
                  protocol_port=member['port'], weight=member['weight'],
                  backup=member['backup'])


def policy_rows(listener_id, pool_ids, position, policy):
    policy_row = row(
        models.L7Policy, listener_id=listener_id, position=position,
        action=policy['action'], enabled=policy['enabled'],
        redirect_pool_id=pool_ids.get(policy.get('redirectPool')),
        redirect_url=policy.get('redirectUrl'),
        redirect_prefix=policy.get('redirectPrefix'),
        redirect_http_code=policy.get('redirectHttpCode'))
    yield policy_row
    for rule in policy['rules']:
        yield row(models.L7Rule, l7policy_id=policy_row.id,
                  type=rule['type'], compare_type=rule['compareType'],
                  key=rule.get('key'), value=rule['value'],
                  invert=rule['invert'])


def rows(load_balancer_id, wanted):
    yield row(models.LoadBalancer, id=load_balancer_id,
              topology=constants.TOPOLOGY_SINGLE)
    yield models.Vip(load_balancer_id=load_balancer_id,
                     ip_address=wanted['address'])
    yield models.Amphora(id=uuidutils.generate_uuid(),
                         load_balancer_id=load_balancer_id,
                         status=constants.AMPHORA_ALLOCATED,
                         lb_network_ip='127.0.0.1')
    for listener in wanted['listeners']:
        listener_row = row(models.Listener, load_balancer_id=load_balancer_id,
                           protocol=constants.PROTOCOL_HTTP,
                           protocol_port=listener['port'], insert_headers={},
                           connection_limit=CONNECTION_LIMIT)
        yield listener_row
        pool_ids = {}
        for pool in listener['pools']:
            pool_row, *members = pool_rows(load_balancer_id,
                                             listener['port'], pool)
            pool_ids[pool['name']] = pool_row.id
            yield pool_row
            yield from members
        listener_row.default_pool_id = pool_ids.get(
            listener.get('defaultPool'))
        for index, policy in enumerate(listener['policies']):
            yield from policy_rows(listener_row.id, pool_ids, index + 1,
                                   policy)


class Rendering:

    def __init__(self):
        self._driver = haproxy.LocalHaproxyDriver()
        self._load_balancers = repositories.LoadBalancerRepository()
        self._session = db_api.session()
        engine = db_api.get_engine()
        # They lead to tables of words, which stay empty here.
        engine.raw_connection().execute('PRAGMA foreign_keys=OFF')
        base_models.BASE.metadata.create_all(engine)
        self._load_balancer_id = None

    def serve(self, wanted):
        self.stop()
        self._load_balancer_id = uuidutils.generate_uuid()
        made = list(rows(self._load_balancer_id, wanted))
        # So that no order but that of the positions comes from the database.
        random.shuffle(made)
        with self._session.begin() as session:
            session.add_all(made)
        with self._session.begin() as session:
            # Octavia reads row by row, which takes a while; a session finds
            # what it has read before, as long as somebody holds it.
            held = [session.query(model).options(orm.selectinload('*')).all()
                    for model in READ_AHEAD]
            load_balancer = self._load_balancers.get(
                session, id=self._load_balancer_id)
            held.clear()
        self._driver.update(load_balancer)
        with open(haproxy.folder(self._load_balancer_id) + '/haproxy.cfg',
                  encoding='utf-8') as f:
            return f.read()

    def stop(self):
        if self._load_balancer_id is None:
            return
        haproxy.stop(self._load_balancer_id)
        with self._session.begin() as session:
            for table in base_models.BASE.metadata.tables.values():
                session.execute(table.delete())
        self._load_balancer_id = None


def main(folder):
    cfg.CONF([], project='octavia', default_config_files=[])
    cfg.CONF.set_override('connection', 'sqlite://', 'database')
    cfg.CONF.set_override('base_path', folder, 'haproxy_amphora')
    cfg.CONF.set_override('base_cert_dir', folder, 'haproxy_amphora')
    cfg.CONF.set_override('connection_logging', False, 'haproxy_amphora')
    cfg.CONF.set_override('cert_manager', 'noop_cert_manager', 'certificates')
    rendering = Rendering()
    try:
        for line in sys.stdin:
            try:
                answer = {'configuration': rendering.serve(json.loads(line))}
            except Exception:
                answer = {'error': traceback.format_exc()}
            print(json.dumps(answer), flush=True)
    finally:
        rendering.stop()


if __name__ == '__main__':
    main(sys.argv[1])
