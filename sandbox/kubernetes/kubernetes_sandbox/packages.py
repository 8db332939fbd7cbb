"""The Debian packages that make certificates. Go is the machine's own: Debian's is too old."""

from sandbox_machine.packages import Packages

DEBIAN = Packages(
    program="kubernetes.py",
    names=("openssl",),
    cost="some seconds",
    elsewhere="the certificates are made by openssl",
)
require, install = DEBIAN.require, DEBIAN.install
