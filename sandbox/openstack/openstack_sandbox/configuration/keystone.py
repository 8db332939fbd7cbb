"""Keystone: identities and tokens."""

from openstack_sandbox.configuration.common import logging
from openstack_sandbox.configuration.ini import render


def files(cloud):
    return {
        "keystone.conf": render(
            {
                "DEFAULT": {**logging(cloud, "keystone"), "public_endpoint": cloud.url("keystone", "/")},
                "database": {"connection": cloud.database("keystone")},
                "token": {"provider": "fernet", "expiration": 86400},
                "fernet_tokens": {"key_repository": cloud.path("fernet")},
                "fernet_receipts": {"key_repository": cloud.path("fernet")},
                "credential": {"key_repository": cloud.path("credential")},
                # Passwords are random and live as long as a test: the cheapest hash is enough, and every login pays it.
                "identity": {"password_hash_rounds": 4, "max_password_length": 72},
                "cache": {"enabled": True, "backend": "dogpile.cache.memory_pickle"},
                "oslo_messaging_notifications": {"driver": "noop"},
                "oslo_policy": {"enforce_scope": True, "enforce_new_defaults": False},
            }
        )
    }
