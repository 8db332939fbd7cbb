"""What the operator of a supercomputer does with keys: its users' and its own."""

from contextlib import contextmanager
from pathlib import Path

from sandbox_machine import containers
from sandbox_machine.console import line
from sandbox_machine.files import write_whole
from sandbox_machine.locks import exclusively
from sandbox_machine.problems import Usage
from sandbox_machine.run import run

from hpc_sandbox import public, ssh
from hpc_sandbox.machines import LOGIN, place
from hpc_sandbox.state import demand


@contextmanager
def changing(root):
    """The supercomputer in a folder, whose login node then has what has changed."""
    with exclusively(root):
        state = demand(root)
        yield state
        for path, (text, mode) in ssh.files(state, state.description).items():
            file = place(state, LOGIN, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, text, mode)


def admit(root, user, key, validity):
    """Lets a public key in as a user: registers it, or signs it as the operator's CA does."""
    with changing(root) as state:
        auth, file = state.description.auth, half(key)
        demand_user(state, user)
        if auth.kind == "signed-key":
            raise Usage(f"{state.name} trusts the CA of somebody else · hpc.py trust {root} CA.pub")
        if auth.kind == "registered-key":
            if validity:
                raise Usage(f"{state.name} registers keys: they have no validity")
            register(state, user, [*registered(state, user), file.read_text().strip()])
            line("✓", state.name, f"{user} registered")
        else:
            words = ("-I", f"{user}@{state.name}", "-n", user, "-V", validity or f"-1m:+{auth.seconds}s")
            ssh.keygen("-s", ssh.pair(state, "user-ca"), *words, file)
            line("✓", state.name, f"{user} certified: {file.with_suffix('')}-cert.pub")


def withdraw(root, user, key):
    """Lets a key in no more that was registered."""
    with changing(root) as state:
        demand_user(state, user)
        wanted, rows = half(key).read_text().split()[1], registered(state, user)
        kept = [row for row in rows if row.split()[1] != wanted]
        if kept == rows:
            raise Usage(f"{state.name} has no such key of {user}")
        register(state, user, kept)
        line("✓", state.name, f"{user} withdrawn")


def registered(state, user):
    file = state.keys("registered", user)
    return file.read_text().splitlines() if file.exists() else []


def register(state, user, rows):
    write_whole(state.keys("registered", user), "".join(f"{row}\n" for row in dict.fromkeys(rows)))


def trust(root, key):
    """Lets in whom a CA of somebody else certifies, and nobody else."""
    with changing(root) as state:
        if state.description.auth.kind != "signed-key":
            raise Usage(f"{state.name} lets in by {state.description.auth.kind}: it trusts no CA of others")
        write_whole(state.keys("trusted"), half(key).read_text())
        line("✓", state.name, "CA trusted")


def turn(root, what):
    """Replaces a key of the operator: `host-key`, or `user-ca` by which it certifies users."""
    with changing(root) as state:
        if what == "user-ca" and state.description.auth.kind != "operator-certificate":
            raise Usage(f"{state.name} has no CA of users")
        for file in (state.keys(what), state.keys(f"{what}.pub")):
            file.unlink()
        ssh.pair(state, what)
        public.publish(state)
    # sshd reads all anew for each connection but this.
    if what == "host-key" and containers.leader(state, LOGIN):
        run(*containers.entering(state, LOGIN, ["systemctl", "reload", "ssh"]))
    line("✓", state.name, f"{what} replaced")


def demand_user(state, user):
    users = [account.user for account in state.description.accounts]
    if user not in users:
        raise Usage(f"no such user: {user} · {', '.join(users)}")


def half(key):
    file = Path(key)
    if file.suffix != ".pub" or not file.is_file():
        raise Usage(f"{key}: the public half of a key is needed, a file KEY.pub")
    return file
