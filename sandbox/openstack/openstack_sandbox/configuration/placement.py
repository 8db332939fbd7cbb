"""Placement: what hypervisors have, and who has taken it."""

from openstack_sandbox.configuration.common import logging, token_check
from openstack_sandbox.configuration.ini import render


def files(cloud):
    return {
        "placement.conf": render(
            {
                "DEFAULT": logging(cloud, "placement"),
                "api": {"auth_strategy": "keystone"},
                "placement_database": {"connection": cloud.database("placement")},
                "keystone_authtoken": token_check(cloud, "placement"),
            }
        )
    }
