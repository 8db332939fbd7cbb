"""The Debian packages that the machine needs, and their installation without starting anything."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from hosts_sandbox.console import step
from hosts_sandbox.problems import Missing, Usage
from hosts_sandbox.run import logged

PACKAGES = (
    "conntrack",
    "dnsmasq-base",
    "iproute2",
    "iptables",
    "mmdebstrap",
    "openssh-client",
    "procps",
    "systemd-container",
    "util-linux",
)
COST = "half a minute"
POLICY = Path("/usr/sbin/policy-rc.d")


def versions():
    """Version of each package that is installed."""
    if not shutil.which("dpkg-query"):
        return {}
    form = "${db:Status-Status} ${Package} ${Version}\n"
    found = subprocess.run(["dpkg-query", "-W", "-f", form, *PACKAGES], capture_output=True, text=True).stdout
    rows = (row.split() for row in found.splitlines())
    return {row[1]: row[2] for row in rows if row[0] == "installed"}


def require():
    """Raises Missing unless all packages are there, and Usage where they would not help."""
    present = versions()
    if lacking := [package for package in PACKAGES if package not in present]:
        raise Missing(f"missing Debian packages: {' '.join(lacking)} · {COST} · hosts.py packages --install")
    if os.geteuid() != 0:
        raise Usage("not root: namespaces, mounts and loop devices need it")


def install():
    """Installs what is missing with apt. No service is started."""
    present = versions()
    lacking = [package for package in PACKAGES if package not in present]
    if not lacking:
        return
    wanted = " ".join(lacking)
    if not shutil.which("apt-get"):
        raise Usage(f"no apt-get here; needed: {wanted}")
    if os.geteuid() != 0:
        raise Usage(f"not root; as root: apt-get install --no-install-recommends {wanted}")
    print(f"installing {wanted} · {COST}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = Path(tempfile.gettempdir()) / f"databridge-apt-{os.getpid()}.log"
    with step("packages", "apt-get install"), nothing_started():
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *lacking]):
            logged(log, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *command, env=environment)
    log.unlink()


@contextmanager
def nothing_started():
    """Forbids that packages start services."""
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
