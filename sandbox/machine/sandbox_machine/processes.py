"""Processes by their pid files, which hold "pid starttime": a number that another process has got since is not ours."""

import os
import signal
import subprocess
import time
from pathlib import Path

GRACE = 5.0


def start_time(pid):
    """When a process started, in ticks since boot; None if it is gone or only waits to be reaped."""
    try:
        # The name, in parentheses, may hold spaces. (The environment is no mark: neutron overwrites its own.)
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def record(pid_file):
    """Writes the pid file of this very process, before it becomes the daemon: none is ever without."""
    pid = os.getpid()
    pid_file.write_text(f"{pid} {start_time(pid)}\n")


def launch(command, pid_file, log):
    """Starts a daemon that leads a process group of its own."""
    with log.open("ab") as out:
        subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: record(pid_file),
        )


def running(pid_file):
    """Pid of a daemon that still runs, or None."""
    try:
        pid, started = pid_file.read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    reap(int(pid))
    return int(pid) if start_time(pid) == started else None


def reap(pid):
    """Takes the exit code of a daemon that this very process has started."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def end(pid_files, kill=False):
    """Ends daemons with all that they have forked, and waits until they are gone; tells which pid files were alive."""
    alive = {pid_file: pid for pid_file in pid_files if (pid := running(pid_file))}
    ended = list(alive)
    send(alive.values(), signal.SIGKILL if kill else signal.SIGTERM)
    limit = time.monotonic() + GRACE
    while alive:
        alive = {pid_file: pid for pid_file, pid in alive.items() if running(pid_file) == pid}
        if alive and time.monotonic() > limit:
            send(alive.values(), signal.SIGKILL)
        time.sleep(0.02)
    for pid_file in pid_files:
        pid_file.unlink(missing_ok=True)
    return ended


def send(pids, number):
    """Signals process groups: each daemon leads its own."""
    for pid in pids:
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            continue


def children(pid):
    """Pids of the children of a process."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
