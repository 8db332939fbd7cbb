"""Glance: images, kept as files."""

from openstack_sandbox.configuration.common import filters, logging, shared, token_check
from openstack_sandbox.configuration.ini import render


def files(cloud):
    data = cloud.path("data", "glance")
    return {
        "glance-api.conf": render(
            {
                "DEFAULT": {
                    **logging(cloud, "glance"),
                    "bind_host": "127.0.0.1",
                    "bind_port": cloud.ports["glance"],
                    "workers": 0,
                    "enabled_backends": "local:file",
                    "node_staging_uri": f"file://{data}/staging",
                },
                "glance_store": {"default_backend": "local"},
                "local": {"filesystem_store_datadir": f"{data}/images"},
                "os_glance_staging_store": {"filesystem_store_datadir": f"{data}/staging"},
                "os_glance_tasks_store": {"filesystem_store_datadir": f"{data}/tasks"},
                "database": {"connection": cloud.database("glance")},
                "paste_deploy": {"flavor": "keystone", "config_file": cloud.path("etc", "glance-paste.ini")},
                "keystone_authtoken": token_check(cloud, "glance"),
                **shared(cloud),
            }
        ),
        "glance-paste.ini": render(
            {
                "pipeline:glance-api-keystone": {"pipeline": "versionnegotiation authtoken context root"},
                "composite:root": {
                    "paste.composite_factory": "glance.api:root_app_factory",
                    "/": "versions",
                    "/v2": "api",
                },
                "app:versions": {"paste.app_factory": "glance.api.versions:create_resource"},
                "app:api": {"paste.app_factory": "glance.api.v2.router:API.factory"},
                **filters(
                    versionnegotiation="glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory",
                    context="glance.api.middleware.context:ContextMiddleware.factory",
                ),
                "filter:authtoken": {
                    "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory",
                    "delay_auth_decision": True,
                },
            }
        ),
    }
