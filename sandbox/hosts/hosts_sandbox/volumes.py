"""Volumes: files that hosts see as disks, by loop devices of the machine."""

import os
import re

from sandbox_machine.problems import Problem, Usage
from sandbox_machine.run import run

LETTERS = "bcdefghi"


def file(state, host, volume):
    return state.root / "volumes" / host / volume


def create(state, host):
    """Makes the files of a host's volumes, larger where one shall be; none gets smaller."""
    for volume in host.volumes:
        path = file(state, host.name, volume.name)
        size = volume.mib << 20
        if path.exists() and path.stat().st_size > size:
            raise Usage(shrinks(host.name, volume.name, path, volume.mib))
        path.parent.mkdir(exist_ok=True)
        with path.open("ab"):
            os.truncate(path, size)


def shrinks(host, volume, path, mib):
    return f"{host}: volume {volume} has {path.stat().st_size >> 20} MiB; it does not shrink to {mib}"


def letters(state, host):
    """Device of each volume, vdb first; what was attached keeps its letter."""
    known = state.standing("disk").setdefault(host.name, {})
    wanted = [volume.name for volume in host.volumes]
    for name in [name for name in known if name not in wanted]:
        del known[name]
    for name in wanted:
        if name not in known:
            known[name] = f"vd{next(letter for letter in LETTERS if f'vd{letter}' not in known.values())}"
    return known


def loops(path):
    """Loop devices of a file, by the machine's own account."""
    return re.findall(r"^(/dev/loop\d+):", run("losetup", "--associated", path), re.MULTILINE)


def attach(state, host):
    """Loop device of each volume, by the name of the device that the host shall see."""
    found = {}
    for volume, device in letters(state, host).items():
        path = file(state, host.name, volume)
        there = loops(path)
        found[device] = there[0] if there else run("losetup", "--find", "--show", path).strip()
        run("losetup", "--set-capacity", found[device])
    return found


def detach(state, name):
    """Detaches all that a host had; nothing may have them open any more."""
    for path in (state.root / "volumes" / name).glob("*"):
        for loop in loops(path):
            run("losetup", "--detach", loop)
        if left := loops(path):
            raise Problem(f"{name}: {left[0]} is still in use")


def table(state, host):
    """What the host's own links are made from: one "DEVICE SERIAL" a line."""
    devices = letters(state, host)
    return "".join(f"{devices[volume.name]} {volume.serial}\n" for volume in host.volumes)


def grow(state, host, volume, mib):
    """Makes a volume larger, and tells the kernel so while it is in use."""
    path = file(state, host, volume)
    if not path.exists():
        raise Usage(f"{host} has no volume {volume}")
    if mib << 20 < path.stat().st_size:
        raise Usage(shrinks(host, volume, path, mib))
    os.truncate(path, mib << 20)
    for loop in loops(path):
        run("losetup", "--set-capacity", loop)
