"""The Debian packages that the services come from, and their installation without starting anything."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from openstack_sandbox.console import step
from openstack_sandbox.problems import Missing, Usage

# Libraries only: the packages of the services themselves (nova-api, swift-proxy, mariadb-server, …) make users,
# ask questions and enable units, and the programs that this room runs are its own.
PACKAGES = (
    "mariadb-client-core",
    "mariadb-server-core",
    "python3-cinder",
    "python3-glance",
    "python3-keystone",
    "python3-neutron",
    "python3-nova",
    "python3-octavia",
    "python3-placement",
    "python3-swift",
)
COST = "some 330 packages with what they depend on, about two minutes"
POLICY = Path("/usr/sbin/policy-rc.d")
UNITS = Path("/etc/systemd/system")


def versions():
    """Version of each package that is installed."""
    if not shutil.which("dpkg-query"):
        return {}
    form = "${db:Status-Status} ${Package} ${Version}\n"
    found = subprocess.run(["dpkg-query", "-W", "-f", form, *PACKAGES], capture_output=True, text=True).stdout
    rows = (row.split() for row in found.splitlines())
    return {row[1]: row[2] for row in rows if row[0] == "installed"}


def missing():
    """Packages that are not installed."""
    present = versions()
    return [package for package in PACKAGES if package not in present]


def require():
    """Raises Missing unless all packages are there."""
    if lacking := missing():
        raise Missing(f"missing Debian packages: {' '.join(lacking)} · {COST} · cloud.py packages --install")


def install():
    """Installs what is missing with apt. No service is started, and none is enabled."""
    lacking = missing()
    if not lacking:
        return
    wanted = " ".join(lacking)
    if not shutil.which("apt-get"):
        raise Usage(f"only Debian 12 has these packages in the versions that are used here: {wanted}")
    if os.geteuid() != 0:
        raise Usage(f"not root; as root: apt-get install --no-install-recommends {wanted}")
    print(f"installing {wanted} · {COST}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = Path(f"/tmp/databridge-apt-{os.getpid()}.log")
    with step("packages", "apt-get install"), nothing_started(), log.open("w") as out:
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *lacking]):
            done = subprocess.run(
                ["apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300", *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
            if done.returncode:
                raise AptFailed(log)
    log.unlink(missing_ok=True)


class AptFailed(Missing):
    """apt-get could not install them; its log stays for the reader."""

    code = 1

    def __init__(self, log):
        super().__init__(f"apt-get failed; all of its output is in {log}", log)


@contextmanager
def nothing_started():
    """Forbids that packages start services, and disables units that they enable on the way (open-iscsi, rsyslog)."""
    before = enabled()
    kept = POLICY.with_name(f"policy-rc.d.databridge-{os.getpid()}")
    if POLICY.exists() or POLICY.is_symlink():
        POLICY.rename(kept)
    try:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
        yield
    finally:
        POLICY.unlink(missing_ok=True)
        if kept.exists() or kept.is_symlink():
            kept.rename(POLICY)
        if fresh := sorted(enabled() - before):
            subprocess.run(["systemctl", "disable", *fresh], stdin=subprocess.DEVNULL, capture_output=True)


def enabled():
    """Names of the units that start with the machine."""
    links = UNITS.glob("*.wants/*") if UNITS.is_dir() else ()
    return {link.name for link in links if re.search(r"\.(service|socket|timer)$", link.name)}
