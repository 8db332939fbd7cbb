#!/usr/bin/python3
"""A supercomputer on one machine: login node, nodes under Slurm with accounting, and a border to the world."""

import argparse
import json
import os
import sys
from pathlib import Path

# No byte code into the checkout.
sys.dont_write_bytecode = True
# What this sandbox shares with the others stands beside them.
sys.path.append(str(Path(__file__).resolve().parent.parent / "machine"))

from hpc_sandbox import image, joins, keys, lifecycle, packages, removal, status  # noqa: E402
from hpc_sandbox.state import demand  # noqa: E402
from sandbox_machine import console, containers, given, worlds  # noqa: E402
from sandbox_machine.commands import Commands  # noqa: E402
from sandbox_machine.problems import Usage  # noqa: E402


def commands():
    program = Commands(__doc__, "the supercomputer", packages)
    command = program.add
    command("image", image_command, "make the image in the cache, if it is not there, and tell its folder", state=False)
    sub = command("up", up_command, "make it as described, or start what does not run of it")
    sub.add_argument("file", metavar="FILE", help="JSON, see the README; - is standard input")
    sub = command("status", status_command, "tell which machines are up (exit 0: all)")
    sub.add_argument("--json", action="store_true", help="for programs")
    sub = command("start", start_command, "start machines that were stopped, all if none is named")
    sub.add_argument("machines", nargs="*", metavar="MACHINE")
    sub = command("stop", stop_command, "shut machines down, all if none is named; what they have written stays")
    sub.add_argument("machines", nargs="*", metavar="MACHINE")
    sub.add_argument("--kill", action="store_true", help="at once, as a power failure would")
    command("down", down_command, "end everything and remove all of it, the shared file system too")
    sub = command("exec", exec_command, "run a command in a machine, as root")
    sub.add_argument("machine", metavar="MACHINE")
    sub.add_argument("words", nargs=argparse.REMAINDER, metavar="CMD")
    sub = command("outside", outside_command, "run a command of this machine as somebody outside")
    sub.add_argument("name", metavar="NAME")
    sub.add_argument("words", nargs=argparse.REMAINDER, metavar="CMD")
    sub = command("console", console_command, "print what a machine has written to its console")
    sub.add_argument("machine", metavar="MACHINE")
    sub = command("admit", admit_command, "register or certify a key of a user, as the supercomputer lets in")
    sub.add_argument("user", metavar="USER")
    sub.add_argument("key", metavar="KEY.pub")
    sub.add_argument("--validity", metavar="FROM:TO", help="of a certificate, as ssh-keygen -V has it: -2h:-1h is over")
    sub = command("withdraw", withdraw_command, "let a key in no more that was registered")
    sub.add_argument("user", metavar="USER")
    sub.add_argument("key", metavar="KEY.pub")
    sub = command("trust", trust_command, "let in whom a CA of somebody else certifies, and nobody else")
    sub.add_argument("key", metavar="CA.pub")
    sub = command("turn", turn_command, "replace a key of the operator: what it stood for is believed no more")
    sub.add_argument("what", choices=("host-key", "user-ca"))
    sub = command("join", join_command, "stand beside tenancies of hosts, where others stood in for it")
    sub.add_argument("hosts", nargs="+", metavar="HOSTS", type=folder, help="folder of hosts.py")
    sub = command("part", part_command, "stand beside them no more")
    sub.add_argument("hosts", nargs="+", metavar="HOSTS", type=folder)
    return program


def folder(path):
    return Path(path).resolve()


def image_command(arguments):
    print(image.build())


def up_command(arguments):
    lifecycle.up(arguments.state, given.read(arguments.file), arguments.file)


def status_command(arguments):
    found = status.status(demand(arguments.state))
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        for row in found["machines"]:
            words = f"{row['name']:<20}{row['address']:<16}{row['condition']}"
            console.line("✓" if row["condition"] == "up" else "✗", found["name"], words)
        for join in found["beside"]:
            console.line("✓" if join["stands"] else "✗", found["name"], f"beside {join['name']}")
    return 0 if found["healthy"] else 1


def start_command(arguments):
    lifecycle.start(arguments.state, arguments.machines)


def stop_command(arguments):
    lifecycle.stop(arguments.state, arguments.machines, arguments.kill)


def down_command(arguments):
    if removal.down(arguments.state):
        console.line("✓", arguments.state.name, "down")


def exec_command(arguments):
    state = demand(arguments.state)
    lifecycle.named(state, [arguments.machine])
    become(containers.entering(state, arguments.machine, arguments.words or ["bash"]))


def outside_command(arguments):
    state = demand(arguments.state)
    if arguments.name not in (known := state.description.outside):
        raise Usage(f"nobody outside is called {arguments.name} · {', '.join(known)}")
    namespace = state.namespace("out", arguments.name)
    become(worlds.entering(namespace, state.root / "names", "/etc/hosts", arguments.words or ["bash"]))


def become(command):
    os.execvp(command[0], [str(word) for word in command])


def console_command(arguments):
    state = demand(arguments.state)
    lifecycle.named(state, [arguments.machine])
    sys.stdout.write(state.host(arguments.machine, "console.log").read_text(errors="replace"))


def admit_command(arguments):
    keys.admit(arguments.state, arguments.user, arguments.key, arguments.validity)


def withdraw_command(arguments):
    keys.withdraw(arguments.state, arguments.user, arguments.key)


def trust_command(arguments):
    keys.trust(arguments.state, arguments.key)


def turn_command(arguments):
    keys.turn(arguments.state, arguments.what)


def join_command(arguments):
    joins.join(arguments.state, arguments.hosts)


def part_command(arguments):
    joins.part(arguments.state, arguments.hosts)


if __name__ == "__main__":
    commands().main()
