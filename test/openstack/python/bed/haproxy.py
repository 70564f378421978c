"""Amphora driver whose "amphora" is a haproxy process on this host.

Octavia's own REST amphora driver does all the work (certificates out of
Barbican, haproxy.cfg through its templates, the order of calls); only its HTTP
client to the agent inside the virtual machine is replaced, by LocalAgent,
which does to local files and processes what the agent would do.  A VIP is an
address of 127.0.0.0/8, so haproxy binds it with no further ado.

Not served, because no haproxy serves it: UDP and SCTP listeners, PING
monitors.  allowed_cidrs is a matter of security groups only, as in Octavia.
"""
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time

from oslo_config import cfg
from oslo_log import log as logging

from octavia.amphorae.drivers.haproxy import exceptions
from octavia.amphorae.drivers.haproxy import rest_api_driver
from octavia.common.jinja.haproxy.combined_listeners import jinja_cfg

LOG = logging.getLogger(__name__)
CONF = cfg.CONF
PID_FILE = 'haproxy.pid'
MASTER_SOCKET = 'master.sock'
# Octavia asks for 50,000 connections; a host that does not allow that many
# descriptors would be refused by haproxy's strict limits.
GLOBAL = 'global\n    no strict-limits\n    nbthread 1\n'
# The processes that this one started, to be waited for when they end.
_children = {}


def folder(load_balancer_id):
    return os.path.join(CONF.haproxy_amphora.base_path, load_balancer_id)


def _start_time(pid):
    """When a process started; None for one that is gone or a zombie."""
    try:
        with open('/proc/%d/stat' % pid, encoding='utf-8') as f:
            fields = f.read().rsplit(') ', 1)[1].split()
            return None if fields[0] == 'Z' else fields[19]
    except (OSError, IndexError):
        return None


def running_pid(load_balancer_id):
    """The recorded process, if it is still the same one."""
    path = os.path.join(folder(load_balancer_id), PID_FILE)
    try:
        with open(path, encoding='utf-8') as f:
            pid, start = f.read().split()
    except (OSError, ValueError):
        return None
    return int(pid) if _start_time(int(pid)) == start else None


def _ask_master(load_balancer_id, command):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.settimeout(2)
        s.connect(os.path.join(folder(load_balancer_id), MASTER_SOCKET))
        s.sendall(command.encode() + b'\n')
        s.shutdown(socket.SHUT_WR)
        answer = b''
        while chunk := s.recv(65536):
            answer += chunk
        return answer.decode(errors='replace')


def _reloads(load_balancer_id):
    """(reloads, failed reloads, whether a current worker serves)"""
    reloads = failed = 0
    current = False
    section = ''
    for line in _ask_master(load_balancer_id, 'show proc').splitlines():
        if line.startswith('# '):
            section = line
        words = line.replace('[failed:', ' ').replace(']', ' ').split()
        if len(words) > 3 and words[1] == 'master':
            reloads, failed = int(words[2]), int(words[3])
        elif len(words) > 3 and words[1] == 'worker' and 'old' not in section:
            current = True
    return reloads, failed, current


def _global_file():
    path = os.path.join(CONF.haproxy_amphora.base_path, 'global.cfg')
    if not os.path.exists(path):
        with open(path, 'w', encoding='utf-8') as f:
            f.write(GLOBAL)
    return path


def _start(load_balancer_id):
    home = folder(load_balancer_id)
    master = os.path.join(home, MASTER_SOCKET)
    if os.path.exists(master):
        os.unlink(master)
    peer = hashlib.sha1(load_balancer_id.encode(), usedforsecurity=False)
    with open(os.path.join(home, 'haproxy.log'), 'ab') as log:
        child = subprocess.Popen(
            ['haproxy', '-W', '-db', '-S', master, '-f', _global_file(),
             '-f', os.path.join(home, 'haproxy.cfg'),
             '-L', peer.hexdigest()[:20]],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, cwd=home)
    _children[load_balancer_id] = child
    with open(os.path.join(home, PID_FILE), 'w', encoding='utf-8') as f:
        f.write('%d %s\n' % (child.pid, _start_time(child.pid)))


def apply(load_balancer_id):
    """Starts haproxy, or reloads it, and returns when the new one serves."""
    pid = running_pid(load_balancer_id)
    if pid is None:
        _start(load_balancer_id)
        wanted = 0
    else:
        wanted = _reloads(load_balancer_id)[0] + 1
        os.kill(pid, signal.SIGUSR2)
    end = time.monotonic() + 10
    while (time.monotonic() < end and
           running_pid(load_balancer_id) is not None):
        try:
            reloads, failed, current = _reloads(load_balancer_id)
            if failed and reloads >= wanted:
                break
            if current and reloads >= wanted:
                return
        except (OSError, ValueError):
            pass  # it is just starting
        time.sleep(0.01)
    raise exceptions.InternalServerError()


def stop(load_balancer_id):
    """Ends the haproxy of a load balancer and removes its files."""
    pid = running_pid(load_balancer_id)
    if pid is not None:
        child = _children.pop(load_balancer_id, None)
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + 3
        while (running_pid(load_balancer_id) is not None and
               time.monotonic() < end):
            if child is not None:
                child.poll()
            time.sleep(0.01)
        if running_pid(load_balancer_id) is not None:
            os.killpg(pid, signal.SIGKILL)
        if child is not None:
            child.wait()
    home = folder(load_balancer_id)
    shutil.rmtree(home, ignore_errors=True)
    if os.path.exists(home + '.sock'):
        os.unlink(home + '.sock')
    shutil.rmtree(
        os.path.join(CONF.haproxy_amphora.base_cert_dir, load_balancer_id),
        ignore_errors=True)


class LocalAgent:
    """The methods of AmphoraAPIClient1_0 that Octavia's driver calls."""

    def __init__(self):
        version = subprocess.run(['haproxy', '-v'], capture_output=True,
                                 check=True, text=True)
        self._haproxy_version = version.stdout.split()[2]

    def get_api_version(self, amp, *args, **kwargs):
        return {'api_version': '1.0'}

    def get_info(self, amp, *args, **kwargs):
        return {'api_version': '1.0', 'hostname': 'bed',
                'haproxy_version': self._haproxy_version}

    def get_details(self, amp, *args, **kwargs):
        # Octavia 16 pins CPUs and sizes the TLS cache by this; without
        # 'memory' its template keeps haproxy's default cache.
        return {'active_tuned_profiles': '', 'cpu_count': 1}

    def get_interface(self, *args, **kwargs):
        return {'interface': 'lo'}

    def upload_config(self, amp, loadbalancer_id, config, **kwargs):
        """Refuses, as an amphora does, what `haproxy -c` refuses."""
        home = folder(loadbalancer_id)
        os.makedirs(home, exist_ok=True)
        new = os.path.join(home, 'haproxy.cfg.new')
        with open(new, 'w', encoding='utf-8') as f:
            f.write(config)
        check = subprocess.run(['haproxy', '-c', '-f', _global_file(),
                                '-f', new], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, check=False)
        if check.returncode != 0:
            refused = os.path.join(home, 'haproxy.cfg-failed')
            os.replace(new, refused)
            LOG.error('haproxy refuses %s: %s', refused,
                      check.stdout.decode(errors='replace'))
            raise exceptions.InvalidRequest()
        os.replace(new, os.path.join(home, 'haproxy.cfg'))
        with open(os.path.join(home, 'amphora_id'), 'w',
                  encoding='utf-8') as f:
            f.write(amp.id)

    def reload_listener(self, amp, loadbalancer_id, *args, **kwargs):
        if os.path.exists(os.path.join(folder(loadbalancer_id),
                                       'haproxy.cfg')):
            apply(loadbalancer_id)

    start_listener = reload_listener

    def delete_listener(self, amp, loadbalancer_id, *args, **kwargs):
        stop(loadbalancer_id)

    @staticmethod
    def _certificate(load_balancer_id, name):
        return os.path.join(CONF.haproxy_amphora.base_cert_dir,
                            load_balancer_id, name)

    def get_cert_md5sum(self, amp, loadbalancer_id, name, **kwargs):
        try:
            with open(self._certificate(loadbalancer_id, name), 'rb') as f:
                return hashlib.md5(f.read(), usedforsecurity=False).hexdigest()
        except OSError:
            return None

    def upload_cert_pem(self, amp, loadbalancer_id, name, pem):
        path = self._certificate(loadbalancer_id, name)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                             0o600)
        with os.fdopen(descriptor, 'wb') as f:
            f.write(pem.encode() if isinstance(pem, str) else pem)

    def delete_cert_pem(self, amp, loadbalancer_id, name):
        try:
            os.unlink(self._certificate(loadbalancer_id, name))
        except FileNotFoundError:
            pass

    def _nothing(self, *args, **kwargs):
        return None

    plug_vip = plug_network = set_interface_rules = _nothing
    update_cert_for_rotation = update_agent_config = _nothing
    upload_udp_config = _nothing


class LocalHaproxyDriver(rest_api_driver.HaproxyAmphoraLoadBalancerDriver):

    def __init__(self):
        super().__init__()
        agent = LocalAgent()
        self.clients = {'base': agent, '0.5': agent, '1.0': agent}
        amphora = CONF.haproxy_amphora
        self.jinja_combo = jinja_cfg.JinjaTemplater(
            base_amp_path=amphora.base_path,
            base_crt_dir=amphora.base_cert_dir,
            haproxy_template=amphora.haproxy_template,
            connection_logging=amphora.connection_logging,
            log_http='stderr format raw', log_server='stderr format raw')

    def _nothing(self, *args, **kwargs):
        pass

    update_vrrp_conf = reload_vrrp_service = _nothing
    start_vrrp_service = stop_vrrp_service = _nothing
