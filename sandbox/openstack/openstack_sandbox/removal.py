"""The end of a cloud."""

from sandbox_machine import ports, states

from openstack_sandbox import services
from openstack_sandbox.state import FOREIGN, Cloud


def down(root):
    """Ends a cloud and removes all of it; content with one that is half made, or gone."""
    removed = states.remove(root, FOREIGN, Cloud.load, end)
    if removed:
        ports.release(root)
    return removed


def end(cloud):
    services.stop(cloud, services.SERVICES, kill=True)
    services.remove_sockets(cloud)
