"""glance-api in one process."""

import sys


def main(cloud):
    sys.argv = ["glance-api", "--config-file", str(cloud.path("etc", "glance-api.conf"))]
    from glance.cmd import api

    api.main()
