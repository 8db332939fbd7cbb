"""Debian packages that a program needs, and their installation without starting anything."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sandbox_machine.console import step
from sandbox_machine.policy import nothing_started
from sandbox_machine.problems import Missing, Usage
from sandbox_machine.run import logged


@dataclass(frozen=True)
class Packages:
    """The packages of one program."""

    program: str  # its command `packages --install` installs them
    names: tuple[str, ...]
    cost: str  # what it takes to install them
    elsewhere: str  # what is said of them where there is no apt

    def versions(self):
        """Version of each package that is installed."""
        if not shutil.which("dpkg-query"):
            return {}
        form = "${db:Status-Status} ${Package} ${Version}\n"
        found = subprocess.run(["dpkg-query", "-W", "-f", form, *self.names], capture_output=True, text=True).stdout
        rows = (row.split() for row in found.splitlines())
        return {row[1]: row[2] for row in rows if row[0] == "installed"}

    def missing(self):
        """Packages that are not installed."""
        present = self.versions()
        return [name for name in self.names if name not in present]

    def require(self):
        """Raises Missing unless all packages are there."""
        if lacking := self.missing():
            words = f"{' '.join(lacking)} · {self.cost} · {self.program} packages --install"
            raise Missing(f"missing Debian packages: {words}")

    def install(self):
        """Installs what is missing with apt. No service is started."""
        lacking = self.missing()
        if not lacking:
            return
        wanted = " ".join(lacking)
        if not shutil.which("apt-get"):
            raise Usage(f"{self.elsewhere}: {wanted}")
        if os.geteuid() != 0:
            raise Usage(f"not root; as root: apt-get install --no-install-recommends {wanted}")
        print(f"installing {wanted} · {self.cost}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # If it fails, the log stays for the reader.
        log = Path(tempfile.gettempdir()) / f"databridge-apt-{os.getpid()}.log"
        with step("packages", "apt-get install"), nothing_started():
            for command in (["update"], ["install", "--yes", "--no-install-recommends", *lacking]):
                logged(log, "apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300", *command, env=environment)
        log.unlink()
