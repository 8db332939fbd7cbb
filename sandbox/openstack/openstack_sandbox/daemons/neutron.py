"""neutron-server without its workers for agents: there are no agents."""

import sys


def main(cloud):
    sys.argv = ["neutron-server", "--config-file", str(cloud.path("etc", "neutron.conf"))]
    from neutron.common import eventlet_utils

    eventlet_utils.monkey_patch()
    from neutron import server, service

    server.boot_server(lambda: service.serve_wsgi(service.NeutronApiService).wait())
