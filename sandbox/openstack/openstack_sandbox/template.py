"""The databases of an empty cloud, made once per version and copied into each cloud."""

import base64
import os
import shutil
from pathlib import Path

from sandbox_machine import sources
from sandbox_machine.cache import cache
from sandbox_machine.console import step
from sandbox_machine.files import write_private
from sandbox_machine.locks import exclusively, locked

from openstack_sandbox import catalog, database, packages, removal, schema, services
from openstack_sandbox.api import Api
from openstack_sandbox.configuration.write import write
from openstack_sandbox.state import Cloud

NAME = "sandbox-openstack"
KEPT = 3  # of the templates last used: checkouts of several versions share the cache


def key():
    """Digest of what a template depends on: the packages, and the sources here."""
    files = [file for file in services.HOME.rglob("*") if file.suffix in (".py", ".txt")]
    return sources.key(repr(sorted(packages.versions().items())), services.HOME, files)


def folder(version):
    return cache() / f"{NAME}-{version}"


def lock():
    return cache() / f"{NAME}.lock"


def build():
    """Makes the template if it is not there; gives its key."""
    packages.require()
    version = key()
    if folder(version).is_dir():
        return version
    with locked(lock()):
        if not folder(version).is_dir():
            make(version)
    return version


def make(version):
    """Builds in a folder aside, which gets its name once all is well."""
    work = cache() / f"{NAME}.building"
    removal.down(work)
    with exclusively(work) as held, step("template", version):
        cloud = Cloud.create(work, "template", hypervisors=0)
        try:
            cloud.make_folders()
            write(cloud)
            write_keys(cloud)
            with step(cloud.name, "mariadb"):
                database.install(cloud)
                database.start(cloud)
            schema.create(cloud)
            services.start(cloud, ["keystone"], held)
            with step(cloud.name, "catalog"):
                catalog.register(Api(cloud))
        except BaseException:
            # The logs stay for the reader, until the next build.
            services.stop(cloud, services.SERVICES, kill=True)
            services.remove_sockets(cloud)
            raise
        services.stop(cloud, services.SERVICES)
    cloud.path("mysql").rename(folder(version))
    removal.down(work)
    templates = sorted(filter(Path.is_dir, cache().glob(f"{NAME}-*")), key=last_use)
    for old in templates[:-KEPT]:
        shutil.rmtree(old)


def last_use(template):
    return template.stat().st_mtime


def restore(cloud):
    """Fills a cloud from the template, with ports, passwords and keys of its own."""
    with step(cloud.name, "template"):
        cloud.clear()
        cloud.make_folders()
        cloud.path("mysql").rmdir()
        version = copy(cloud.path("mysql"))
        write(cloud)
        write_keys(cloud)
    with step(cloud.name, "mariadb"):
        database.start(cloud)
        catalog.personalise(cloud)
    cloud.template = version
    cloud.save()


def copy(target):
    """Copies the template; gives its key. Others may copy meanwhile, but not remove it."""
    while True:
        version = build()
        with locked(lock(), shared=True):
            # Between build and lock, that of another checkout may have taken its place.
            if folder(version).is_dir():
                os.utime(folder(version))
                shutil.copytree(folder(version), target)
                return version


def write_keys(cloud):
    """Keys for tokens and stored credentials: 1 is in use, 0 comes next."""
    for repository in ("fernet", "credential"):
        for number in ("0", "1"):
            key = base64.urlsafe_b64encode(os.urandom(32)).decode()
            write_private(Path(cloud.path(repository, number)), key)
