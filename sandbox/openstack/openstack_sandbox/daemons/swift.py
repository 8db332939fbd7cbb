"""swift's proxy and its three stores in one process."""

import logging
from logging.handlers import SysLogHandler

import eventlet

from openstack_sandbox.daemons.wsgi import serve

STORES = ("account", "container", "object")


def main(cloud):
    from swift.common import utils, wsgi
    from swift.common.http_protocol import SwiftHttpProtocol

    directory = str(cloud.path("etc"))
    utils.set_swift_dir(directory)
    cloud.path("data", "swift", "device").mkdir(parents=True, exist_ok=True)
    for store in STORES:
        make_ring(cloud, store)
        application = wsgi.loadapp(f"{directory}/{store}-server.conf", {"log_name": f"{store}-server"})
        eventlet.spawn(serve, application, cloud.ports[f"swift-{store}"], protocol=SwiftHttpProtocol)
    proxy = wsgi.loadapp(f"{directory}/proxy-server.conf", {"log_name": "proxy-server"})
    # S3 clients look for "ETag", not for "Etag".
    serve(proxy, cloud.ports["swift"], protocol=SwiftHttpProtocol, capitalize_response_headers=False)


def make_ring(cloud, store):
    """A ring says where things are kept: here all on one device."""
    from swift.common.ring import RingBuilder

    ring = RingBuilder(part_power=4, replicas=1, min_part_hours=1)
    place = {"region": 1, "zone": 1, "device": "device", "weight": 1}
    ring.add_dev({**place, "ip": "127.0.0.1", "port": cloud.ports[f"swift-{store}"]})
    ring.rebalance()
    ring.get_ring().save(str(cloud.path("etc", f"{store}.ring.gz")))


def log_to_stderr(conf, name, log_to_console, log_route, fmt, logger, adapted_logger):
    """Called by swift for each of its loggers, which would write to the machine's syslog."""
    for handler in list(logger.handlers):
        if isinstance(handler, SysLogHandler):
            logger.removeHandler(handler)
    if not any(type(handler) is logging.StreamHandler for handler in logger.handlers):
        logger.addHandler(logging.StreamHandler())
