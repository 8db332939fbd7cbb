"""Roots of machines: a Debian of nothing but what is named, without what differs from one to the next."""

import os
import shutil

from sandbox_machine import mirrors
from sandbox_machine.run import logged, run

# Neither hardware nor terminals; systemd would call a machine degraded for lack of them.
MASKED = ("console-getty.service", "e2scrub_reap.service", "getty@.service", "systemd-pstore.service")


def listed(file):
    """Names in a file of packages."""
    rows = (line.partition("#")[0].strip() for line in file.read_text().splitlines())
    return [row for row in rows if row]


def sources(work):
    """A file of the mirrors that this machine has."""
    file = work / "sources.list"
    file.write_text("\n".join(mirrors.sources()) + "\n")
    return file


def bootstrap(root, packages, sources, log):
    """Installs packages into a new root."""
    # mmdebstrap keeps its temporary files beside the root: /tmp may be small.
    logged(
        log,
        "mmdebstrap",
        "--mode=root",
        "--variant=minbase",
        f"--include={','.join(packages)}",
        '--aptopt=APT::Install-Recommends "false"',
        mirrors.CODENAME,
        root,
        sources,
        env={**os.environ, "TMPDIR": str(root.parent)},
    )


def settle(root):
    """What differs from one machine to the next is made by the machine, or for it."""
    for file in (*(root / "etc/ssh").glob("ssh_host_*"), root / "etc/apt/apt.conf.d/99mmdebstrap"):
        file.unlink(missing_ok=True)
    for file in ("etc/hostname", "etc/resolv.conf"):
        (root / file).unlink(missing_ok=True)
    (root / "etc/machine-id").write_text("")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    for entry in (root / "etc/apt").glob("sources.list*"):
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (root / "etc/apt/sources.list.d").mkdir()
    run("systemctl", f"--root={root}", "-q", "set-default", "multi-user.target")
    run("systemctl", f"--root={root}", "-q", "mask", *MASKED)
