"""The Debian packages that the machine needs, and their installation without starting anything."""

import os

from sandbox_machine.packages import Packages
from sandbox_machine.problems import Usage

DEBIAN = Packages(
    program="hpc.py",
    names=(
        "dnsmasq-base",
        "iproute2",
        "iptables",
        "mmdebstrap",
        "openssh-client",
        "procps",
        "systemd-container",
        "util-linux",
    ),
    cost="half a minute",
    elsewhere="no apt-get here; needed",
)
versions, install = DEBIAN.versions, DEBIAN.install


def require():
    """Raises Missing unless all packages are there, and Usage where they would not help."""
    DEBIAN.require()
    if os.geteuid() != 0:
        raise Usage("not root: namespaces and mounts need it")
