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
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def launch(command, pid_file, log):
    """Starts a daemon that leads a process group of its own."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    pid_file.write_text(f"{process.pid} {start_time(process.pid)}\n")
    return process.pid


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


def end(pid_file):
    """Ends a daemon with what it has forked, and waits until it is gone."""
    limit = time.monotonic() + GRACE
    number = signal.SIGTERM
    while pid := running(pid_file):
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            break
        if time.monotonic() > limit:
            number = signal.SIGKILL
        time.sleep(0.02)
    pid_file.unlink(missing_ok=True)


def children(pid):
    """Pids of the children of a process."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
