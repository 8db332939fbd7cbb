"""The files by which clients find a cloud and log in."""

import yaml
from sandbox_machine.files import write_private
from sandbox_machine.problems import Problem

from openstack_sandbox.api import Api
from openstack_sandbox.state import REGION


def read(cloud):
    """Entries of the tenancies so far."""
    file = cloud.path("clouds.yaml")
    return yaml.safe_load(file.read_text())["clouds"] if file.exists() else {}


def write(cloud, entries):
    """Writes the entries of the tenancies, and that of the operator aside: nothing of ours is applied as operator."""
    operator = {
        "auth": {
            "auth_url": cloud.url("keystone", "/v3"),
            "username": "admin",
            "password": cloud.admin_password,
            "project_name": "admin",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
        **common(),
    }
    for name, clouds in (("clouds.yaml", entries), ("operator-clouds.yaml", {"operator": operator})):
        write_private(cloud.path(name), yaml.safe_dump({"clouds": clouds}, sort_keys=False))


def entry(cloud, credential, secret):
    """One entry with an application credential."""
    return {
        "auth_type": "v3applicationcredential",
        "auth": {
            "auth_url": cloud.url("keystone", "/v3"),
            "application_credential_id": credential,
            "application_credential_secret": secret,
        },
        **common(),
    }


def common():
    return {"region_name": REGION, "identity_api_version": 3, "interface": "public"}


def valid(cloud, known, project):
    """Whether one can log in to the project with an entry."""
    if known is None:
        return False
    auth = known["auth"]
    try:
        login = Api.with_credential(cloud, auth["application_credential_id"], auth["application_credential_secret"])
    except Problem:
        return False
    return login.project == project
