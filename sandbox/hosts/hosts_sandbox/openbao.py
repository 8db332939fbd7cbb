"""A package of OpenBao, of the program that the sandbox of Vault has: Debian has none."""

import platform
import shutil
import tempfile
from pathlib import Path

from sandbox_machine.run import run

VAULT = Path(__file__).resolve().parents[2] / "vault"
PINNED = (VAULT / "requirements.txt").read_text()
# As OpenBao's own package: the account, and where the program is.
CONTROL = """Package: openbao
Version: {version}
Architecture: amd64
Maintainer: The sandbox <root@localhost>
Depends: passwd
Description: secrets, certificates and logins
"""
ACCOUNT = """#!/bin/sh
set -e
getent passwd openbao > /dev/null ||
  useradd --system --user-group --home-dir /opt/openbao --shell /usr/sbin/nologin openbao
"""


def package(pool):
    """Puts the package into a pool; on machines for which there is no program, it does not."""
    if platform.machine() != "x86_64":
        return
    program = run(VAULT / "vault.py", "build").split()[-1]
    version = PINNED.partition("==")[2].split()[0]
    with tempfile.TemporaryDirectory(dir=pool.parent) as folder:
        root = Path(folder)
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN/control").write_text(CONTROL.format(version=version))
        (root / "DEBIAN/postinst").write_text(ACCOUNT)
        (root / "DEBIAN/postinst").chmod(0o755)
        (root / "usr/bin").mkdir(parents=True)
        shutil.copy(program, root / "usr/bin/bao")
        (root / "usr/bin/bao").chmod(0o755)
        root.chmod(0o755)
        # Fast rather than small: it never leaves the machine.
        run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", root, pool / f"openbao_{version}_amd64.deb")
