"""Nova: servers, on hypervisors that only remember them."""

from openstack_sandbox.configuration.common import (
    IN_PROCESS,
    NO_KEY,
    credentials,
    filters,
    logging,
    shared,
    token_check,
)
from openstack_sandbox.configuration.ini import render
from openstack_sandbox.state import REGION


def files(cloud):
    return {"nova.conf": settings(cloud), "nova-paste.ini": pipelines()}


def settings(cloud):
    return render(
        {
            "DEFAULT": {
                **logging(cloud, "nova"),
                "host": "controller",
                "my_ip": "127.0.0.1",
                "state_path": cloud.path("data", "nova"),
                "instances_path": cloud.path("data", "nova", "instances"),
                "transport_url": IN_PROCESS,
                "compute_driver": "sandbox.Hypervisor",
                "enabled_apis": "osapi_compute",
                "osapi_compute_listen": "127.0.0.1",
                "osapi_compute_listen_port": cloud.ports["nova"],
                "osapi_compute_workers": 1,
                # Two servers of a group that come to one host at once would refuse one another, and both would move on.
                "max_concurrent_builds": 1,
                # Neutron has no agents that would report a port as plugged.
                "vif_plugging_is_fatal": False,
                "vif_plugging_timeout": 0,
                "reserved_host_memory_mb": 0,
                "resume_guests_state_on_host_boot": True,
                "allow_resize_to_same_host": True,
                "report_interval": 10,
                # A busy machine delays reports; a hypervisor that counts as down would take no server.
                "service_down_time": 600,
                "sync_power_state_interval": -1,
            },
            "wsgi": {"api_paste_config": cloud.path("etc", "nova-paste.ini")},
            "api": {"auth_strategy": "keystone"},
            "api_database": {"connection": cloud.database("nova_api")},
            "database": {"connection": cloud.database("nova")},
            "conductor": {"workers": 1},
            "scheduler": {"workers": 1},
            "filter_scheduler": {"shuffle_best_same_weighed_hosts": True},
            "vnc": {"enabled": False},
            "key_manager": {"backend": "nova.keymgr.conf_key_mgr.ConfKeyManager", "fixed_key": NO_KEY},
            "glance": {"endpoint_override": cloud.url("glance")},
            "cinder": {**credentials(cloud, "nova"), "os_region_name": REGION},
            "placement": credentials(cloud, "placement"),
            "neutron": credentials(cloud, "neutron"),
            "service_user": {**credentials(cloud, "nova"), "send_service_user_token": True},
            "keystone_authtoken": token_check(cloud, "nova"),
            **shared(cloud),
        }
    )


def pipelines():
    return render(
        {
            "composite:osapi_compute": {
                "use": "call:nova.api.openstack.urlmap:urlmap_factory",
                "/": "versions",
                "/v2.1": "version",
                "/v2.1/+": "api",
            },
            "composite:api": {
                "use": "call:nova.api.auth:pipeline_factory_v21",
                "keystone": "request_id fault_wrap request_log size_limit authtoken context app",
            },
            "pipeline:versions": {"pipeline": "fault_wrap request_log versions_app"},
            "pipeline:version": {"pipeline": "request_id fault_wrap request_log version_app"},
            "app:app": {"paste.app_factory": "nova.api.openstack.compute:APIRouterV21.factory"},
            "app:versions_app": {"paste.app_factory": "nova.api.openstack.compute.versions:Versions.factory"},
            "app:version_app": {"paste.app_factory": "nova.api.openstack.compute.versions:VersionsV2.factory"},
            **filters(
                request_id="nova.api.compute_req_id:ComputeReqIdMiddleware.factory",
                fault_wrap="nova.api.openstack:FaultWrapper.factory",
                request_log="nova.api.openstack.requestlog:RequestLog.factory",
                size_limit="oslo_middleware:RequestBodySizeLimiter.factory",
                authtoken="keystonemiddleware.auth_token:filter_factory",
                context="nova.api.auth:NovaKeystoneContext.factory",
            ),
        }
    )
