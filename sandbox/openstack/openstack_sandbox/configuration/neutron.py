"""Neutron: networks as rows; no agent makes them."""

from openstack_sandbox.configuration.common import (
    IN_PROCESS,
    credentials,
    filters,
    logging,
    shared,
    token_check,
)
from openstack_sandbox.configuration.ini import render


def files(cloud):
    return {"neutron.conf": settings(cloud), "neutron-paste.ini": pipelines()}


def settings(cloud):
    return render(
        {
            "DEFAULT": {
                **logging(cloud, "neutron"),
                "bind_host": "127.0.0.1",
                "bind_port": cloud.ports["neutron"],
                "api_workers": 0,
                "rpc_workers": 0,
                "rpc_state_report_workers": 0,
                "state_path": cloud.path("data", "neutron"),
                "transport_url": IN_PROCESS,
                "core_plugin": "ml2",
                "service_plugins": ["router", "qos", "port_forwarding", "trunk", "segments"],
                "api_paste_config": cloud.path("etc", "neutron-paste.ini"),
                "dhcp_agent_notification": False,
                "dns_domain": "sandbox.local.",
                "allow_overlapping_ips": True,
                "notify_nova_on_port_status_changes": False,
                "notify_nova_on_port_data_changes": False,
            },
            "ml2": {
                "type_drivers": ["local", "flat", "vlan", "vxlan"],
                "tenant_network_types": "vxlan",
                "mechanism_drivers": "sandbox",
                "extension_drivers": ["port_security", "qos", "dns_domain_ports", "uplink_status_propagation"],
            },
            "ml2_type_flat": {"flat_networks": "*"},
            "ml2_type_vxlan": {"vni_ranges": "1:10000"},
            "securitygroup": {"enable_security_group": True},
            "database": {"connection": cloud.database("neutron")},
            "nova": credentials(cloud, "nova"),
            "keystone_authtoken": token_check(cloud, "neutron"),
            **shared(cloud),
        }
    )


def pipelines():
    return render(
        {
            "composite:neutron": {"use": "egg:Paste#urlmap", "/": "versions", "/v2.0": "api"},
            "composite:api": {
                "use": "call:neutron.auth:pipeline_factory",
                "keystone": "request_id catch_errors authtoken context extensions app",
            },
            "app:versions": {"paste.app_factory": "neutron.pecan_wsgi.app:versions_factory"},
            "app:app": {"paste.app_factory": "neutron.api.v2.router:APIRouter.factory"},
            **filters(
                request_id="oslo_middleware:RequestId.factory",
                catch_errors="oslo_middleware:CatchErrors.factory",
                authtoken="keystonemiddleware.auth_token:filter_factory",
                context="neutron.auth:NeutronKeystoneContext.factory",
                extensions="neutron.api.extensions:plugin_aware_extension_middleware_factory",
            ),
        }
    )
