"""The Debian packages that the services come from, and their installation without starting or enabling anything."""

from sandbox_machine.packages import Packages

from openstack_sandbox.units import nothing_enabled

# Libraries only: the packages of the services themselves (nova-api, swift-proxy, mariadb-server, …) make users,
# ask questions and enable units, and the programs that this room runs are its own.
DEBIAN = Packages(
    program="cloud.py",
    names=(
        "mariadb-client-core",
        "mariadb-server-core",
        "python3-cinder",
        "python3-glance",
        "python3-keystone",
        "python3-neutron",
        "python3-nova",
        "python3-octavia",
        "python3-placement",
        "python3-swift",
    ),
    cost="some 330 packages with what they depend on, about two minutes",
    elsewhere="only Debian 12 has these packages in the versions that are used here",
)
versions, require = DEBIAN.versions, DEBIAN.require


def install():
    """Installs what is missing with apt. No service is started, and none is enabled."""
    with nothing_enabled():
        DEBIAN.install()
