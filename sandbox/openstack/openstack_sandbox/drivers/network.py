"""A network without agents: what they would report as done is done at once."""

from neutron.services.qos.drivers.openvswitch.driver import SUPPORTED_RULES
from neutron.services.trunk.drivers import base as trunk
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api
from neutron_lib.services.qos import base as qos

VIFS = [portbindings.VIF_TYPE_OVS, portbindings.VIF_TYPE_UNBOUND]


class Mechanism(api.MechanismDriver):
    """Binds every port that has a host."""

    connectivity = portbindings.CONNECTIVITY_L2

    def initialize(self):
        self.qos = AllRules(
            name="sandbox",
            vif_types=VIFS,
            vnic_types=[portbindings.VNIC_NORMAL],
            supported_rules=SUPPORTED_RULES,
            requires_rpc_notifications=False,
        )
        self.trunk = Trunks("sandbox", VIFS, ("vlan",), None, True)
        for event in (events.AFTER_CREATE, events.AFTER_UPDATE):
            registry.subscribe(follow_association, resources.FLOATING_IP, event)

    def bind_port(self, context):
        segment = context.segments_to_bind[0][api.ID]
        details = {portbindings.CAP_PORT_FILTER: True}
        context.set_binding(segment, portbindings.VIF_TYPE_OVS, details, status=constants.PORT_STATUS_ACTIVE)

    def filter_hosts_with_segment_access(self, context, segments, hosts, agent_getter):
        return hosts

    def create_port_postcommit(self, context):
        """Ports of routers have no host without agents, and would stay down."""
        port = context.current
        if port["device_owner"].startswith("network:") and port["status"] != constants.PORT_STATUS_ACTIVE:
            everything = context._plugin_context.elevated()
            directory.get_plugin().update_port_status(everything, port["id"], constants.PORT_STATUS_ACTIVE)


class AllRules(qos.DriverBase):
    """Takes every rule; nothing enforces one."""

    def validate_rule_for_port(self, context, rule, port):
        return True

    def validate_rule_for_network(self, context, rule, network_id):
        return True


class Trunks(trunk.DriverBase):
    is_loaded = True


def follow_association(resource, event, trigger, payload=None):
    """A floating IP is ACTIVE while it has a port, as an L3 agent would report."""
    routers = directory.get_plugin("L3_ROUTER_NAT")
    everything = payload.context.elevated()
    address = routers.get_floatingip(everything, payload.resource_id)
    status = "ACTIVE" if address.get("port_id") else "DOWN"
    if address["status"] != status:
        routers.update_floatingip_status(everything, address["id"], status)
