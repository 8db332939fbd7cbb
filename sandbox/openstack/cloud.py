#!/usr/bin/python3
"""Real OpenStack services on one machine, one cloud per folder: Debian's packages, on loopback, without hardware."""

import argparse
import json
import sys
from pathlib import Path

# No byte code into the checkout.
sys.dont_write_bytecode = True
# What this sandbox shares with the other stands beside both.
sys.path.append(str(Path(__file__).resolve().parent.parent / "machine"))

from openstack_sandbox import packages  # noqa: E402
from sandbox_machine import console, given  # noqa: E402
from sandbox_machine.commands import Commands  # noqa: E402
from sandbox_machine.locks import exclusively  # noqa: E402
from sandbox_machine.problems import Usage  # noqa: E402

# Whatever else these commands import needs Debian's packages: it is imported where it is used.


def commands():
    program = Commands(__doc__, "the cloud", packages)
    command = program.add
    command("build", build_command, "make the template in the cache, if it is not there", state=False)
    sub = command("up", up_command, "make a cloud, or start what does not run of it")
    sub.add_argument("--name", required=True, help="name of the cloud, for example lumi")
    sub.add_argument("--hypervisors", type=positive, metavar="N", help="how many hosts for servers (a new cloud has 3)")
    sub = command("prepare", prepare_command, "grant what an operator grants, and write clouds.yaml")
    sub.add_argument("file", metavar="FILE", help="JSON: external, images, flavors, tenancies; - is standard input")
    sub = command("status", status_command, "tell which services answer (exit 0: all)")
    sub.add_argument("--json", action="store_true", help="for programs")
    sub = command("start", start_command, "start services, all if none is named")
    sub.add_argument("services", nargs="*", metavar="SERVICE")
    sub = command("stop", stop_command, "stop services, all if none is named", bare=True)
    sub.add_argument("services", nargs="*", metavar="SERVICE")
    sub.add_argument("--kill", action="store_true", help="at once, as a crash would")
    command("reset", reset_command, "the cloud as new, at the same ports")
    command("down", down_command, "end the cloud and remove all of it", bare=True)
    return program


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def build_command(arguments):
    from openstack_sandbox import template

    print(template.folder(template.build()))


def up_command(arguments):
    from openstack_sandbox import lifecycle

    lifecycle.up(arguments.state, arguments.name, arguments.hypervisors)


def prepare_command(arguments):
    from openstack_sandbox.prepare import prepare
    from openstack_sandbox.state import demand

    request = given.read(arguments.file)
    cloud = demand(arguments.state)
    with exclusively(cloud.root):
        try:
            prepare(cloud, request)
        except KeyError as error:
            raise Usage(f"{arguments.file} lacks {error}") from error


def status_command(arguments):
    from openstack_sandbox.lifecycle import status
    from openstack_sandbox.state import demand

    found = status(demand(arguments.state))
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        for row in found["services"]:
            words = "answers" if row["answers"] else "no answer" if row["pid"] else "not running"
            console.line(
                "✓" if row["answers"] else "✗", found["name"], f"{row['service']:<12}{row['pid'] or '-':<8}{words}"
            )
        if found["lacking"]:
            print(f"{found['name']}: not ready: {', '.join(found['lacking'])}", file=sys.stderr)
    return 0 if found["healthy"] else 1


def start_command(arguments):
    from openstack_sandbox import lifecycle, services
    from openstack_sandbox.state import demand

    cloud = demand(arguments.state)
    with exclusively(cloud.root) as lock:
        lifecycle.start(cloud, services.chosen(arguments.services), lock)


def stop_command(arguments):
    from openstack_sandbox import services
    from openstack_sandbox.state import demand

    cloud = demand(arguments.state)
    chosen = services.chosen(arguments.services)
    with exclusively(cloud.root):
        for service in services.stop(cloud, chosen, arguments.kill):
            console.line("✓", cloud.name, f"{service} stopped")


def reset_command(arguments):
    from openstack_sandbox import lifecycle

    lifecycle.reset(arguments.state)


def down_command(arguments):
    from openstack_sandbox import removal

    if removal.down(arguments.state):
        console.line("✓", arguments.state.name, "down")


if __name__ == "__main__":
    commands().main()
