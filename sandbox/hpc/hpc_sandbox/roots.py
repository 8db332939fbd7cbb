"""Roots of machines: what each has over the image that all share, and which services it starts."""

import os
import secrets
import shutil
from pathlib import Path

from sandbox_machine.files import write_private

from hpc_sandbox import accounts, names, slurm, ssh
from hpc_sandbox.image import HOME
from hpc_sandbox.machines import LOGIN, MANAGEMENT, nodes

FILES = HOME / "files"
MUNGE = "/etc/munge/munge.key"
# Who has to own what, by the image's own accounts.
OWNERS = {MUNGE: "munge", "/etc/slurm/slurmdbd.conf": "slurm"}
SERVICES = {
    MANAGEMENT: ("munge", "mariadb", "slurmdbd", "sandbox-accounts", "slurmctld"),
    LOGIN: ("munge", "ssh"),
}
OF_NODES = ("munge", "slurmd")


def lay(state, description, name):
    """Writes what a machine boots from, over what it has written itself."""
    for folder in ("upper", "work", "root"):
        state.host(name, folder).mkdir(parents=True, exist_ok=True)
    upper, root = state.host(name, "upper"), image_root(state)
    for path, (text, mode) in files(state, description, name).items():
        file = upper / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
        if path in OWNERS:
            user, group = numbers(root, OWNERS[path])
            os.chown(file, user, group)
    if name == MANAGEMENT:
        shutil.copytree(FILES, upper, dirs_exist_ok=True)
    for service in SERVICES.get(name, OF_NODES):
        link = upper / f"etc/systemd/system/multi-user.target.wants/{service}.service"
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(f"/usr/lib/systemd/system/{service}.service")


def image_root(state):
    return Path(state.image) / "root"


def files(state, description, name):
    """Files of a machine by their path: text and mode."""
    found = {
        "/etc/hostname": (f"{name}\n", 0o644),
        **names.files(description),
        **accounts.files(image_root(state), description),
        MUNGE: (munge(state), 0o400),
        "/etc/slurm/slurm.conf": (slurm.configuration(description), 0o644),
        "/etc/slurm/cgroup.conf": ("CgroupPlugin=cgroup/v1\n", 0o644),
    }
    if name == LOGIN:
        return found | ssh.files(state, description)
    if name == MANAGEMENT:
        return found | {
            "/etc/slurm/slurmdbd.conf": (slurm.accounting(description), 0o600),
            "/etc/slurm/accounts": (slurm.accounts(description), 0o644),
            "/etc/slurm/absent": (f"{slurm.absent(description)}\n", 0o644),
        }
    kind = next(group.kind for group in nodes(description) if name in [machine.name for machine in group.machines])
    return found | {
        "/etc/slurm/gres.conf": (slurm.devices(kind), 0o644),
        "/etc/tmpfiles.d/gpus.conf": (slurm.device_files(kind), 0o644),
        # What is left of jobs does not hold up a node that shuts down.
        "/etc/systemd/system.conf.d/sandbox.conf": ("[Manager]\nDefaultTimeoutStopSec=3s\n", 0o644),
    }


def munge(state):
    """The key by which machines of a supercomputer believe each other."""
    file = state.keys("munge")
    if not file.exists():
        write_private(file, secrets.token_hex(512))
    return file.read_text()


def numbers(root, user):
    """Numbers of an account of the image, and of its group."""
    for row in (root / "etc/passwd").read_text().splitlines():
        name, _, number, group, *_ = row.split(":")
        if name == user:
            return int(number), int(group)
    raise KeyError(user)
