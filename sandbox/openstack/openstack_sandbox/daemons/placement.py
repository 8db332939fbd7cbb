"""placement in one process."""

import os
import sys

from openstack_sandbox.daemons.wsgi import serve


def main(cloud):
    sys.argv = ["placement"]
    os.environ["OS_PLACEMENT_CONFIG_DIR"] = str(cloud.path("etc"))
    from placement.wsgi import init_application

    serve(init_application(), cloud.ports["placement"])
