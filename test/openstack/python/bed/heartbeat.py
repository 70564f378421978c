"""Sends to octavia-health-manager what the agent inside each amphora would:
the status and the counters of every local haproxy, once a second."""
import os
import sys
import time

from oslo_config import cfg
from octavia.amphorae.backends.health_daemon import health_daemon
from octavia.amphorae.backends.health_daemon import health_sender
from octavia.common import service

from bed import haproxy

SECONDS = 1


def load_balancers():
    base = cfg.CONF.haproxy_amphora.base_path
    return sorted(name for name in os.listdir(base)
                  if os.path.exists(os.path.join(base, name, 'haproxy.cfg')))


def serve_again():
    """Starts what was served before the bed went down."""
    for load_balancer_id in load_balancers():
        if haproxy.running_pid(load_balancer_id) is None:
            try:
                haproxy.apply(load_balancer_id)
            except Exception as error:
                print('%s: %r' % (load_balancer_id, error), flush=True)


def message(load_balancer_id, sequence):
    home = haproxy.folder(load_balancer_id)
    with open(os.path.join(home, 'amphora_id'), encoding='utf-8') as f:
        amphora_id = f.read().strip()
    stats, pools = health_daemon.get_stats(home + '.sock')
    listeners = {}
    for row in stats:
        if row['svname'] == 'FRONTEND':
            delta = health_daemon.calculate_stats_deltas(row['pxname'], row)
            listeners[row['pxname']] = {
                'status': row['status'],
                'stats': {'tx': delta['bout'], 'rx': delta['bin'],
                          'conns': int(row['scur']),
                          'totconns': delta['stot'],
                          'ereq': delta['ereq']}}
    return {'id': amphora_id, 'seq': sequence, 'ver': health_daemon.MSG_VER,
            'listeners': listeners,
            'pools': {pool_id: {'status': pool['status'],
                                'members': pool['members']}
                      for pool_id, pool in pools.items()}}


def main():
    service.prepare_service(sys.argv)
    serve_again()
    print('serving', flush=True)
    sender = health_sender.UDPStatusSender()
    sequence = 0
    while True:
        for load_balancer_id in load_balancers():
            try:
                if haproxy.running_pid(load_balancer_id) is not None:
                    sender.dosend(message(load_balancer_id, sequence))
            except Exception as error:
                print('%s: %r' % (load_balancer_id, error), flush=True)
        sequence += 1
        time.sleep(SECONDS)


if __name__ == '__main__':
    main()
