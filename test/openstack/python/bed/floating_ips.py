"""What the L3 agent would do for floating IPs: connections to a floating IP
(127.200.x.y) reach its fixed IP (a VIP, 127.100.x.y) on every port that a
local haproxy serves there, and Neutron's record says ACTIVE or DOWN."""
import asyncio
import glob
import re
import sys

import pymysql

SECONDS = 0.5
BIND = re.compile(r'^\s*bind (127\.[0-9.]+):(\d+)', re.M)


def served_ports(state):
    """VIP -> its ports."""
    ports = {}
    for path in glob.glob(state + '/haproxy/*/haproxy.cfg'):
        try:
            with open(path, encoding='utf-8') as f:
                text = f.read()
        except OSError:
            continue  # deleted since it was listed
        for address, port in BIND.findall(text):
            ports.setdefault(address, set()).add(int(port))
    return ports


def wanted(state):
    """(floating IP, port) -> VIP; sets the status in Neutron's database."""
    ports = served_ports(state)
    database = pymysql.connect(unix_socket=state + '/mariadb.sock',
                               user='root', database='neutron',
                               autocommit=True)
    try:
        cursor = database.cursor()
        cursor.execute('select id, floating_ip_address, fixed_ip_address,'
                       ' status from floatingips')
        forwards = {}
        for id_, floating, fixed, status in cursor.fetchall():
            due = 'ACTIVE' if fixed else 'DOWN'
            if status != due:
                cursor.execute('update floatingips set status=%s where id=%s',
                               (due, id_))
            for port in ports.get(fixed or '', ()):
                forwards[(floating, port)] = fixed
        return forwards
    finally:
        database.close()


async def pipe(reader, writer):
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass
    finally:
        try:
            writer.write_eof()
        except (OSError, RuntimeError):
            pass


class Forwarder:

    def __init__(self):
        self.forwards = {}
        self.servers = {}

    def _handler(self, key):
        async def handle(reader, writer):
            try:
                far_reader, far_writer = await asyncio.open_connection(
                    self.forwards[key], key[1])
            except (OSError, KeyError):
                writer.close()
                return
            await asyncio.gather(pipe(reader, far_writer),
                                 pipe(far_reader, writer))
            writer.close()
            far_writer.close()
        return handle

    async def follow(self, forwards):
        self.forwards = forwards
        for key in self.servers.keys() - forwards.keys():
            self.servers.pop(key).close()
        for key in forwards.keys() - self.servers.keys():
            address, port = key
            self.servers[key] = await asyncio.start_server(
                self._handler(key), address, port)
            print('%s:%d -> %s' % (address, port, forwards[key]), flush=True)


async def main(state):
    forwarder = Forwarder()
    while True:
        try:
            await forwarder.follow(await asyncio.to_thread(wanted, state))
        except Exception as error:
            print(repr(error), flush=True)
        await asyncio.sleep(SECONDS)


if __name__ == '__main__':
    asyncio.run(main(sys.argv[1]))
