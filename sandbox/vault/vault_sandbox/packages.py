"""The Debian packages that make certificates and install the server."""

from sandbox_machine.packages import Packages

DEBIAN = Packages(
    program="vault.py",
    names=("openssl", "python3-pip"),
    cost="half a minute",
    elsewhere="the certificates are made by openssl, and the server is installed by pip",
)
require, install = DEBIAN.require, DEBIAN.install
