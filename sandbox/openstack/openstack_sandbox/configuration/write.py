"""All configuration files of a cloud, from its ports, paths and secrets."""

from sandbox_machine.files import write_private

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


def write(cloud):
    """Writes them anew; services read them when they start."""
    for service in (keystone, placement, glance, nova, neutron, cinder, swift, octavia):
        for name, text in service.files(cloud).items():
            write_private(cloud.path("etc", name), text)
