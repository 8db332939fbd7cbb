"""Roots of hosts: what each writes over the image that all share, and what it finds at its first boot."""

import shutil
from pathlib import Path

from hosts_sandbox import metadata, volumes
from hosts_sandbox.state import State

FILES = Path(__file__).with_name("files")
ENABLED = (
    ("sysinit.target", "sandbox-sysctl.service"),
    ("local-fs.target", "sandbox-disks.service"),
    ("multi-user.target", "sandbox-disks.path"),
)
SEED = "var/lib/cloud/seed/nocloud"


def create(state: State, host, description):
    """An empty root with the seed of cloud-init: no first boot has been here."""
    remove(state, host.name)
    for folder in ("upper", "work", "root"):
        state.host(host.name, folder).mkdir(parents=True)
    network = description.networks[host.network]
    servers = network.resolvers or [a for outside in description.serving("dns") for a in outside.addresses]
    lay_files(state.host(host.name, "upper"))
    for name, text in {
        f"{SEED}/user-data": host.user_data,
        f"{SEED}/meta-data": f"instance-id: {metadata.instance(state, host)}\nlocal-hostname: {host.name}\n",
        "etc/hostname": f"{host.name}\n",
        "etc/resolv.conf": "".join(f"nameserver {server}\n" for server in servers),
        # For a host that installs systemd-resolved: a cloud would tell it by DHCP.
        "etc/systemd/resolved.conf.d/00-sandbox.conf": f"[Resolve]\nDNS={' '.join(servers)}\n",
    }.items():
        path = state.host(host.name, "upper", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    state.host(host.name, "upper", SEED).chmod(0o700)
    state.standing("root")[host.name] = host.generation


def lay_files(upper):
    """What all hosts have beside packages: settings of cloud-init and dpkg, and what a container lacks of a machine."""
    shutil.copytree(FILES, upper, symlinks=True, dirs_exist_ok=True)
    for target, unit in ENABLED:
        link = upper / "etc/systemd/system" / f"{target}.wants" / unit
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(f"/etc/systemd/system/{unit}")


def remove(state, name):
    """Removes a root; volumes are elsewhere, and stay."""
    state.standing("root").pop(name, None)
    if state.host(name).exists():
        shutil.rmtree(state.host(name))


def describe_disks(state, host, leader=None):
    """Tells a host, or one that shall boot, which disks it has."""
    text = volumes.table(state, host)
    if leader:
        place = f"/proc/{leader}/root/etc/sandbox-disks"
        with open(place, "w") as file:
            file.write(text)
        return
    state.host(host.name, "upper/etc/sandbox-disks").write_text(text)
