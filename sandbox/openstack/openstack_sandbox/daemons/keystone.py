"""keystone in one process."""

import os
import sys

from openstack_sandbox.daemons.wsgi import serve


def main(cloud):
    sys.argv = ["keystone"]
    os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(cloud.path("etc"))
    from keystone.server.wsgi import initialize_public_application

    serve(initialize_public_application(), cloud.ports["keystone"])
