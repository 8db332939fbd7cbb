"""All configuration files of a cloud, from its ports, paths and secrets."""

from openstack_sandbox.configuration import (
    cinder,
    glance,
    keystone,
    neutron,
    nova,
    octavia,
    placement,
    swift,
)
from openstack_sandbox.state import write_private


def write(cloud):
    """Writes them anew; services read them when they start."""
    for service in (keystone, placement, glance, nova, neutron, cinder, swift, octavia):
        for name, text in service.files(cloud).items():
            write_private(cloud.path("etc", name), text)
