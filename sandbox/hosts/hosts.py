#!/usr/bin/python3
"""Hosts of a tenancy as systemd containers on one machine, with networks, router, security groups, and the world."""

import argparse
import json
import os
import sys
from pathlib import Path

# No byte code into the checkout.
sys.dont_write_bytecode = True
# What this sandbox shares with the other stands beside both.
sys.path.append(str(Path(__file__).resolve().parent.parent / "machine"))

from hosts_sandbox import attempts, image, lifecycle, outsides, packages, removal, status  # noqa: E402
from hosts_sandbox.state import demand  # noqa: E402
from sandbox_machine import console, containers, given  # noqa: E402
from sandbox_machine.commands import Commands  # noqa: E402


def commands():
    program = Commands(__doc__, "the hosts", packages)
    command = program.add
    command("image", image_command, "make the image in the cache, if it is not there, and tell its folder", state=False)
    sub = command(
        "up", up_command, "make networks and hosts as described; what stands already is changed, not made anew"
    )
    sub.add_argument("file", metavar="FILE", help="JSON: name, networks, router, hosts, outside; - is standard input")
    sub.add_argument("hosts", nargs="*", metavar="HOST", help="boot these only")
    sub = command("status", status_command, "tell which hosts are up (exit 0: all)")
    sub.add_argument("--json", action="store_true", help="for programs")
    sub = command("start", start_command, "start hosts that were stopped, all if none is named")
    sub.add_argument("hosts", nargs="*", metavar="HOST")
    sub = command("stop", stop_command, "shut hosts down, all if none is named; roots and volumes stay")
    sub.add_argument("hosts", nargs="*", metavar="HOST")
    sub.add_argument("--kill", action="store_true", help="at once, as a power failure would")
    command("down", down_command, "end everything and remove all of it, volumes too")
    sub = command("exec", exec_command, "run a command in a host, as root")
    sub.add_argument("host", metavar="HOST")
    sub.add_argument("words", nargs=argparse.REMAINDER, metavar="CMD")
    sub = command("outside", outside_command, "run a command of this machine as somebody outside")
    sub.add_argument("name", metavar="NAME")
    sub.add_argument("words", nargs=argparse.REMAINDER, metavar="CMD")
    sub = command("console", console_command, "print what a host has written to its console")
    sub.add_argument("host", metavar="HOST")
    sub = command("attempt", attempt_command, "attempt connections from everywhere, and tell as JSON which pass")
    sub.add_argument("file", metavar="FILE", help="JSON: from, source, proto, to and port of each; - is standard input")
    sub = command("grow", grow_command, "make a volume larger; the host may be running")
    sub.add_argument("host", metavar="HOST")
    sub.add_argument("volume", metavar="VOLUME")
    sub.add_argument("mib", metavar="MiB", type=int)
    return program


def image_command(arguments):
    print(image.build())


def up_command(arguments):
    return lifecycle.up(arguments.state, given.read(arguments.file), arguments.file, arguments.hosts)


def status_command(arguments):
    found = status.status(demand(arguments.state))
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        for row in found["hosts"]:
            words = f"{row['name']:<20}{row['address']:<16}{row['public'] or '-':<16}{row['condition']}"
            console.line("✓" if row["condition"] == "up" else "✗", found["name"], words)
        for name in [outside["name"] for outside in found["outside"] if not outside["runs"]]:
            print(f"{found['name']}: {name} outside does not run", file=sys.stderr)
    return 0 if found["healthy"] else 1


def start_command(arguments):
    return lifecycle.start(arguments.state, arguments.hosts)


def stop_command(arguments):
    return lifecycle.stop(arguments.state, arguments.hosts, arguments.kill)


def down_command(arguments):
    if removal.down(arguments.state):
        console.line("✓", arguments.state.name, "down")


def exec_command(arguments):
    state = demand(arguments.state)
    lifecycle.named(state, [arguments.host])
    become(containers.entering(state, arguments.host, arguments.words or ["bash"]))


def outside_command(arguments):
    become(outsides.entering(demand(arguments.state), arguments.name, arguments.words or ["bash"]))


def become(command):
    os.execvp(command[0], [str(word) for word in command])


def console_command(arguments):
    state = demand(arguments.state)
    lifecycle.named(state, [arguments.host])
    sys.stdout.write(state.host(arguments.host, "console.log").read_text(errors="replace"))


def attempt_command(arguments):
    json.dump(attempts.attempt(demand(arguments.state), given.read(arguments.file)), sys.stdout)


def grow_command(arguments):
    return lifecycle.grow(arguments.state, arguments.host, arguments.volume, arguments.mib)


if __name__ == "__main__":
    commands().main()
