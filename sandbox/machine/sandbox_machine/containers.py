"""Containers: one systemd per host, started, found, entered and ended."""

import os
import shlex
import signal
import stat
import time
from pathlib import Path
from types import MappingProxyType

from sandbox_machine import processes
from sandbox_machine.namespaces import FOLDER
from sandbox_machine.problems import Problem, Usage

SUPERVISOR = Path(__file__).with_name("supervise.sh")
PATIENCE = 30.0
POWER_OFF = signal.SIGRTMIN + 4  # what systemd as first process takes for a button that was pressed
# null, zero, full, random, urandom; tty, console, ptmx; terminals; tunnels
DEVICES = (*(f"c 1:{minor} rwm" for minor in (3, 5, 7, 8, 9)), "c 5:* rwm", "c 136:* rwm", "c 10:200 rwm")
NO_DISKS = MappingProxyType({})
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "USER": "root",
    "LANG": "C.UTF-8",
}


def pid_file(state, name):
    return state.host(name, "pid")


def groups(state, name, *controllers):
    """Control groups of a host: one in each hierarchy that systemd uses, and one for its devices."""
    found = []
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, kind, options, *_ = line.split()
        if (
            kind == "cgroup2"
            and not controllers
            or kind == "cgroup"
            and set(options.split(",")) & set(controllers or ("name=systemd", "devices"))
        ):
            found.append(Path(place) / f"{state.id}-{name}")
    return found


def admit(state, name, loops):
    """Lets a host open the devices that each container has, and its own disks; none of the machine."""
    for group in groups(state, name, "devices"):
        group.mkdir(exist_ok=True)
        numbers = [os.stat(loop).st_rdev for loop in loops.values()]
        (group / "devices.deny").write_text("a")
        for words in [*DEVICES, *(f"b {os.major(number)}:{os.minor(number)} rwm" for number in numbers)]:
            (group / "devices.allow").write_text(words)


def make_room(hosts):
    """Raises how often the machine's root may watch files: a systemd does some ten times, Debian allows 128."""
    setting = Path("/proc/sys/fs/inotify/max_user_instances")
    had, wanted = int(setting.read_text()), 1024 + 32 * hosts
    if had < wanted:
        setting.write_text(str(wanted))


def start(state, name, loops=NO_DISKS, shared=()):
    """Boots a host; its devices are loop devices by the names it shall see, and it shares folders of the machine."""
    write_boot(state, name, loops, shared)
    admit(state, name, loops)
    command = ["unshare", "--mount", "--propagation", "private", SUPERVISOR, f"{state.image}/root", state.host(name)]
    processes.launch([*command, *groups(state, name)], pid_file(state, name), state.host(name, "console.log"))


def write_boot(state, name, loops, shared=()):
    words = [
        "systemd-nspawn",
        "--quiet",
        "--boot",
        f"--directory={state.host(name, 'root')}",
        f"--machine={state.id}-{name}",
        f"--hostname={name}",
        f"--network-namespace-path={FOLDER / state.namespace('host', name)}",
        # A host has firewalls and addresses of its own.
        "--capability=CAP_NET_ADMIN",
        # Neither does systemd manage this machine, nor does the machine tell its hosts anything.
        "--register=no",
        "--keep-unit",
        "--console=read-only",
        "--resolv-conf=off",
        "--timezone=off",
        "--link-journal=no",
        *(f"--bind={loop}:/dev/{device}" for device, loop in loops.items()),
        *(f"--bind={folder}:{place}" for place, folder in shared),
    ]
    settings = "export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_LOCK=0 SYSTEMD_NSPAWN_TMPFS_TMP=0\n"
    state.host(name, "boot.sh").write_text(f"{settings}exec {shlex.join(words)}\n")


def supervised(state, name):
    return processes.running(pid_file(state, name))


def leader(state, name):
    """Pid, on the machine, of the host's first process; None if it does not run."""
    supervisor = supervised(state, name)
    for container in processes.children(supervisor) if supervisor else []:
        for pid in processes.children(container):
            try:
                spaces = next(r for r in Path(f"/proc/{pid}/status").read_text().splitlines() if r.startswith("NSpid:"))
            except (FileNotFoundError, ProcessLookupError):
                continue
            if len(spaces.split()) > 2 and spaces.split()[-1] == "1":
                return pid
    return None


def entering(state, name, command):
    """Words that run a command as root in a host."""
    pid = leader(state, name)
    if not pid:
        raise Usage(f"{name} does not run")
    settings = [f"{key}={value}" for key, value in ENVIRONMENT.items()]
    terminal = [f"TERM={os.environ['TERM']}"] if os.environ.get("TERM") else []
    spaces = ["--mount", "--uts", "--ipc", "--net", "--pid"]
    return ["nsenter", f"--target={pid}", *spaces, "--root", "--wd", "env", "-i", *settings, *terminal, *command]


def attach(state, name, loops):
    """Gives a running host the disks that it does not have yet; it has them after a reboot too."""
    admit(state, name, loops)
    write_boot(state, name, loops)
    for device, loop in loops.items():
        place = f"/proc/{leader(state, name)}/root/dev/{device}"
        if not os.path.exists(place):
            os.mknod(place, stat.S_IFBLK | 0o660, os.stat(loop).st_rdev)


def power_off(state, name):
    """Presses the button; the host shuts down in its own time."""
    pid = leader(state, name)
    if pid:
        os.kill(pid, POWER_OFF)
    else:
        kill(state, name)


def kill(state, name):
    """Ends all of a host at once, as a power failure does."""
    for group in groups(state, name):
        switch = group / "cgroup.kill"
        if switch.exists():
            switch.write_text("1")


def await_end(state, name):
    """Waits until nothing of a host is left; one that does not shut down is killed."""
    limit = time.monotonic() + PATIENCE
    while supervised(state, name):
        if time.monotonic() > limit:
            kill(state, name)
            limit += PATIENCE
        time.sleep(0.05)
    kill(state, name)
    for group in groups(state, name):
        clear(group)
    pid_file(state, name).unlink(missing_ok=True)
    for folder in ("propagate", "unix-export"):
        place = Path("/run/systemd/nspawn") / folder / f"{state.id}-{name}"
        if place.is_dir():
            place.rmdir()


def clear(group):
    """Removes a control group with those that the host made in it."""
    if not group.is_dir():
        return
    limit = time.monotonic() + PATIENCE
    for folder in [*sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True), group]:
        while True:
            try:
                folder.rmdir()
                break
            except OSError as error:
                # What was killed is counted until it is reaped.
                if time.monotonic() > limit:
                    raise Problem(f"{folder} cannot be removed: {error}") from error
                time.sleep(0.02)
