"""A load balancer without a data path."""

from octavia.api.drivers.noop_driver import driver as noop
from octavia_lib.api.drivers import exceptions


class Provider(noop.NoopProviderDriver):
    def create_vip_port(self, loadbalancer_id, project_id, vip_dictionary, additional_vip_dicts=None):
        """Leaves the port to octavia, which makes a real one in neutron when a provider has none to offer."""
        raise exceptions.NotImplementedError(
            user_fault_string="octavia makes it", operator_fault_string="octavia makes it"
        )
