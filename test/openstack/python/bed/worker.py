"""octavia-worker, which looks again at once for a change that the API has not
committed yet, and not after a second.

How often it looks is for octavia.conf to say, but Octavia takes these options
at the import of its modules, before it has read any file; hence here.
"""
from oslo_config import cfg
from octavia.common import config  # noqa: F401 (has the options)

for option, value in (('attempts', 1000), ('initial_delay', 0),
                      ('backoff', 0)):
    cfg.CONF.set_default('api_db_commit_retry_' + option, value,
                         group='haproxy_amphora')

from octavia.cmd import octavia_worker  # noqa: E402

octavia_worker.main()
