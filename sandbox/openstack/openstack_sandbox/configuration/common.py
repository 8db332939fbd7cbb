"""Settings that more than one service has."""

from openstack_sandbox.state import REGION

# One process per service, so calls between its parts stay in it, and no message broker runs.
IN_PROCESS = "fake:///"
# Keys of volumes that hold no data.
NO_KEY = "0" * 64


def credentials(cloud, service):
    """How a service logs in to others."""
    return {
        "auth_url": cloud.url("keystone", "/v3"),
        "auth_type": "password",
        "username": service,
        "password": cloud.service_password,
        "project_name": "service",
        "user_domain_name": "Default",
        "project_domain_name": "Default",
        "region_name": REGION,
    }


def token_check(cloud, service):
    """How a service checks the tokens of its callers."""
    return {
        **credentials(cloud, service),
        "www_authenticate_uri": cloud.url("keystone", "/v3"),
        "interface": "internal",
        "service_token_roles": "service",
        "service_token_roles_required": True,
        "token_cache_time": 300,
    }


def shared(cloud):
    """Locks in the state, no notifications, and policies that know no system scope."""
    return {
        "oslo_concurrency": {"lock_path": cloud.path("tmp")},
        "oslo_messaging_notifications": {"driver": "noop"},
        "oslo_policy": {"enforce_scope": False},
    }


def logging(cloud, service):
    """Into the file that also has the standard error of the service."""
    return {"log_file": cloud.log(service)}


def filters(**factories):
    """Filters of a paste pipeline by name."""
    return {f"filter:{name}": {"paste.filter_factory": factory} for name, factory in factories.items()}
