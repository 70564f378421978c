"""What Open vSwitch's agents would do for the ports of Pods, on the hosts
given as arguments: they are alive, so that Neutron binds ports to them, and
tell Neutron of each port that is bound there, and of each subport of a trunk,
that it is up.  There is no switch.  Ends when stdin does."""
import sys
import threading

from neutron.agent import rpc as agent_rpc
from neutron.common import config
from neutron_lib.agent import topics
from neutron_lib import context
from oslo_config import cfg
import pymysql

STATE = '/bed/state'
SECONDS = 0.25
HEARTBEATS = 40
BOUND = ("select p.id, b.host from ports p join ml2_port_bindings b on b.port_id = p.id"
         " where p.status = 'DOWN' and b.vif_type = 'ovs' and b.host in %s")
ATTACHED = ("update ports set status = 'ACTIVE' where status = 'DOWN' and id in"
            " (select port_id from subports)")


def report(reporter, hosts):
    for host in hosts:
        reporter.report_state(context.get_admin_context_without_session(), {
            'agent_type': 'Open vSwitch agent', 'binary': 'neutron-openvswitch-agent', 'host': host,
            'topic': 'N/A', 'start_flag': True,
            'configurations': {'tunnel_types': ['vxlan'], 'bridge_mappings': {}, 'datapath_type': 'system',
                               'integration_bridge': 'br-int', 'vhostuser_socket_dir': '/var/run/openvswitch'},
        }, use_call=True)


def raise_ports(plugin, hosts):
    database = pymysql.connect(unix_socket=STATE + '/mariadb.sock', user='root', database='neutron', autocommit=True)
    try:
        cursor = database.cursor()
        cursor.execute(BOUND, (hosts,))
        for port, host in cursor.fetchall():
            plugin.update_device_up(context.get_admin_context_without_session(), port, 'bed', host)
        cursor.execute(ATTACHED)
    finally:
        database.close()


def main():
    hosts = sys.argv[1:]
    from neutron.conf.agent import common as agent_config
    agent_config.register_agent_state_opts_helper(cfg.CONF)
    config.register_common_config_options()
    config.init(['--config-file', STATE + '/etc/neutron.conf'])
    reporter = agent_rpc.PluginReportStateAPI(topics.REPORTS)
    plugin = agent_rpc.PluginApi(topics.PLUGIN)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    count = 0
    while not ended.wait(SECONDS):
        if count % HEARTBEATS == 0:
            report(reporter, hosts)
            if count == 0:
                print('ready', flush=True)
        count += 1
        raise_ports(plugin, hosts)


if __name__ == '__main__':
    main()
