"""The Debian packages that the machine needs, and their installation without starting anything."""

import os

from sandbox_machine.packages import Packages
from sandbox_machine.problems import Usage

DEBIAN = Packages(
    program="hosts.py",
    names=(
        "conntrack",
        "dnsmasq-base",
        "gnupg",
        "iproute2",
        "iptables",
        "mmdebstrap",
        "netcat-openbsd",
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
        raise Usage("not root: namespaces, mounts and loop devices need it")
