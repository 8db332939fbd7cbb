"""Octavia: load balancers as rows; only the port of their address is real."""

from openstack_sandbox.configuration.common import (
    IN_PROCESS,
    credentials,
    logging,
    shared,
    token_check,
)
from openstack_sandbox.configuration.ini import render
from openstack_sandbox.state import REGION


def files(cloud):
    return {
        "octavia.conf": render(
            {
                "DEFAULT": {**logging(cloud, "octavia"), "transport_url": IN_PROCESS},
                "api_settings": {
                    "bind_host": "127.0.0.1",
                    "bind_port": cloud.ports["octavia"],
                    "auth_strategy": "keystone",
                    # Octavia's own: it refuses what real clouds refuse. What it asks of a worker nobody hears;
                    # daemons/octavia.py settles it.
                    "enabled_provider_drivers": "amphora:load balancers without a data path",
                    "default_provider_driver": "amphora",
                },
                "database": {"connection": cloud.database("octavia")},
                "controller_worker": {
                    "network_driver": "allowed_address_pairs_driver",
                    "compute_driver": "compute_noop_driver",
                    "amphora_driver": "amphora_noop_driver",
                },
                "service_auth": credentials(cloud, "octavia"),
                "neutron": {"endpoint": cloud.url("neutron"), "region_name": REGION},
                "keystone_authtoken": token_check(cloud, "octavia"),
                **shared(cloud),
            }
        )
    }
