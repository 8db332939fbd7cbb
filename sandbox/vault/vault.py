#!/usr/bin/python3
"""Real servers of OpenBao on one machine, one Vault per folder: raft and TLS on loopback, unsealed by one key."""

import json
import sys
from pathlib import Path

# No byte code into the checkout.
sys.dont_write_bytecode = True
# What this sandbox shares with the others stands beside them.
sys.path.append(str(Path(__file__).resolve().parent.parent / "machine"))

from sandbox_machine import console  # noqa: E402
from sandbox_machine.commands import Commands  # noqa: E402
from sandbox_machine.locks import exclusively  # noqa: E402
from vault_sandbox import lifecycle, packages, servers, wheel  # noqa: E402
from vault_sandbox.state import demand  # noqa: E402


def commands():
    program = Commands(__doc__, "the Vault", packages)
    command = program.add
    command("build", build_command, "install the server into the cache, if it is not there", state=False)
    sub = command("up", up_command, "make a Vault, or start and unseal what does not run of it")
    sub.add_argument("--servers", type=int, choices=(1, 3), help="how many servers (a new Vault has 1)")
    sub = command("status", status_command, "tell which servers answer and are unsealed (exit 0: all, one active)")
    sub.add_argument("--json", action="store_true", help="for programs")
    sub = command("start", start_command, "start and unseal servers, all if none is named")
    sub.add_argument("servers", nargs="*", metavar="SERVER")
    sub = command("stop", stop_command, "stop servers, all if none is named", bare=True)
    sub.add_argument("servers", nargs="*", metavar="SERVER")
    sub.add_argument("--kill", action="store_true", help="at once, as a crash would")
    command("down", down_command, "end the Vault and remove all of it", bare=True)
    return program


def build_command(arguments):
    print(wheel.build())


def up_command(arguments):
    lifecycle.up(arguments.state, arguments.servers)


def status_command(arguments):
    found = lifecycle.status(demand(arguments.state))
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        for row in found["servers"]:
            words = "active" if row["active"] else "sealed" if row["sealed"] else "standby"
            words = words if row["answers"] else "no answer" if row["pid"] else "not running"
            fine = "✓" if row["sealed"] is False else "✗"
            console.line(fine, "vault", f"{row['server']:<12}{row['pid'] or '-':<8}{words}")
        if found["lacking"]:
            print(f"not ready: {', '.join(found['lacking'])}", file=sys.stderr)
    return 0 if found["healthy"] else 1


def start_command(arguments):
    vault = demand(arguments.state)
    with exclusively(vault.root):
        lifecycle.start(vault, vault.chosen(arguments.servers))


def stop_command(arguments):
    vault = demand(arguments.state)
    chosen = vault.chosen(arguments.servers)
    with exclusively(vault.root):
        for server in servers.stop(vault, chosen, arguments.kill):
            console.line("✓", "vault", f"{server} stopped")


def down_command(arguments):
    if lifecycle.down(arguments.state):
        console.line("✓", "vault", "down")


if __name__ == "__main__":
    commands().main()
