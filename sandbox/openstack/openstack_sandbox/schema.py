"""The tables of all services, made once per template."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

from sandbox_machine.console import step
from sandbox_machine.problems import Problem

from openstack_sandbox import database, services
from openstack_sandbox.state import REGION

DATABASES = ("keystone", "placement", "glance", "nova_api", "nova", "nova_cell0", "neutron", "cinder", "octavia")
# Filled in by nova from its own settings whenever it reads them, so that a copy of the database needs no change.
CELL = "{scheme}://{username}@{hostname}/%s?{query}"


def create(cloud):
    """Makes all tables, two services at a time."""
    charset = "CREATE DATABASE {} CHARACTER SET utf8mb3"
    database.execute(cloud, None, [(charset.format(name), None) for name in DATABASES])
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(migrate, cloud, service) for service in programs(cloud)]:
            done.result()


def programs(cloud):
    """Module, configuration file and commands of each service; what takes longest comes first."""
    url = cloud.url("keystone", "/v3")
    bootstrap = ["bootstrap", "--bootstrap-password", cloud.admin_password, "--bootstrap-region-id", REGION]
    for interface in ("public", "internal", "admin"):
        bootstrap += [f"--bootstrap-{interface}-url", url]
    cell0 = ["cell_v2", "map_cell0", "--database_connection", CELL % "nova_cell0"]
    cell1 = ["cell_v2", "create_cell", "--name", "cell1"]
    cell1 += ["--database_connection", CELL % "nova", "--transport-url", "fake:///"]
    return {
        "nova": ("nova.cmd.manage", "nova.conf", [["api_db", "sync"], cell0, cell1, ["db", "sync"]]),
        "keystone": ("keystone.cmd.manage", "keystone.conf", [["db_sync"], bootstrap]),
        "cinder": ("cinder.cmd.manage", "cinder.conf", [["db", "sync"]]),
        "neutron": ("openstack_sandbox.neutron_tables", "neutron.conf", [[]]),
        "octavia": ("octavia.db.migration.cli", "octavia.conf", [["upgrade", "head"]]),
        "glance": ("glance.cmd.manage", "glance-api.conf", [["db_sync"]]),
        "placement": ("placement.cmd.manage", "placement.conf", [["db", "sync"]]),
    }


def migrate(cloud, service):
    """Runs the management program of a service."""
    module, settings, commands = programs(cloud)[service]
    log = cloud.log(service)
    python = [services.PYTHON, "-s", "-P", "-m", "openstack_sandbox.manage", module]
    with step(cloud.name, f"{service} tables"), log.open("a") as out:
        for command in commands:
            done = subprocess.run(
                [*python, "--config-file", str(cloud.path("etc", settings)), *command],
                env=services.environment(cloud),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
            if done.returncode:
                raise Problem(f"{service}: {' '.join(command[:2])} failed", log)
