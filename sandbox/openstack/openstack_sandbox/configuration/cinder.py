"""Cinder: volumes, on a backend that keeps no data."""

import json

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

# What lists may be filtered by; without this file a filter is ignored.
FILTERS = {
    "volume": ["name", "status", "metadata", "bootable", "availability_zone", "size", "created_at", "updated_at"],
    "snapshot": ["name", "status", "volume_id", "metadata", "availability_zone"],
    "backup": ["name", "status", "volume_id"],
    "attachment": ["volume_id", "status", "instance_id", "attach_status"],
    "pool": ["name", "volume_type"],
    "volume_type": ["is_public", "extra_specs"],
}


def files(cloud):
    return {
        "cinder.conf": settings(cloud),
        "cinder-paste.ini": pipelines(),
        "cinder-filters.json": json.dumps(FILTERS, indent=1) + "\n",
    }


def settings(cloud):
    return render(
        {
            "DEFAULT": {
                **logging(cloud, "cinder"),
                "my_ip": "127.0.0.1",
                "host": "controller",
                "state_path": cloud.path("data", "cinder"),
                "transport_url": IN_PROCESS,
                "auth_strategy": "keystone",
                "osapi_volume_listen": "127.0.0.1",
                "osapi_volume_listen_port": cloud.ports["cinder"],
                "osapi_volume_workers": 1,
                "api_paste_config": cloud.path("etc", "cinder-paste.ini"),
                "resource_query_filters_file": cloud.path("etc", "cinder-filters.json"),
                "enabled_backends": "sandbox",
                "default_volume_type": "__DEFAULT__",
                "glance_api_servers": cloud.url("glance"),
                # Services of one process share one heartbeat, which is written to the row of one of them.
                "service_down_time": 10**8,
            },
            "sandbox": {
                "volume_driver": "openstack_sandbox.drivers.volumes.Backend",
                "volume_backend_name": "sandbox",
            },
            "database": {"connection": cloud.database("cinder")},
            "key_manager": {"backend": "cinder.keymgr.conf_key_mgr.ConfKeyManager", "fixed_key": NO_KEY},
            # With it cinder tells nova of a volume that grows while it is attached.
            "nova": credentials(cloud, "nova"),
            "service_user": {**credentials(cloud, "cinder"), "send_service_user_token": True},
            "keystone_authtoken": token_check(cloud, "cinder"),
            **shared(cloud),
        }
    )


def pipelines():
    return render(
        {
            "composite:osapi_volume": {"use": "call:cinder.api:root_app_factory", "/": "versions", "/v3": "api"},
            "composite:api": {
                "use": "call:cinder.api.middleware.auth:pipeline_factory",
                "keystone": "request_id fault_wrap size_limit authtoken context app",
            },
            "pipeline:versions": {"pipeline": "request_id fault_wrap versions_app"},
            "app:versions_app": {"paste.app_factory": "cinder.api.versions:Versions.factory"},
            "app:app": {"paste.app_factory": "cinder.api.v3.router:APIRouter.factory"},
            **filters(
                request_id="cinder.api.middleware.request_id:RequestId.factory",
                fault_wrap="cinder.api.middleware.fault:FaultWrapper.factory",
                size_limit="oslo_middleware.sizelimit:RequestBodySizeLimiter.factory",
                authtoken="keystonemiddleware.auth_token:filter_factory",
                context="cinder.api.middleware.auth:CinderKeystoneContext.factory",
            ),
        }
    )
