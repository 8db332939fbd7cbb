#!/usr/bin/python3
"""The real control plane of Kubernetes on one machine, one cluster per folder, with nodes that kwok plays."""

import json
import sys
from pathlib import Path

# No byte code into the checkout.
sys.dont_write_bytecode = True
# What this sandbox shares with the others stands beside them.
sys.path.append(str(Path(__file__).resolve().parent.parent / "machine"))

from kubernetes_sandbox import builds, lifecycle, packages, services  # noqa: E402
from kubernetes_sandbox.state import demand  # noqa: E402
from sandbox_machine import console, given  # noqa: E402
from sandbox_machine.commands import Commands  # noqa: E402
from sandbox_machine.locks import exclusively  # noqa: E402


def commands():
    program = Commands(__doc__, "the cluster", packages)
    command = program.add
    command("build", build_command, "build the programs into the cache, if they are not there", state=False, bare=True)
    sub = command("up", up_command, "make a cluster, or start what does not run of it")
    sub.add_argument("--nodes", metavar="FILE", help="JSON, - is standard input (a new cluster has three equal nodes)")
    sub.add_argument(
        "--api", metavar="OPTION=VALUE", action="append", default=[], help="what the API server of a new one is told"
    )
    sub = command("status", status_command, "tell which services are well (exit 0: all)")
    sub.add_argument("--json", action="store_true", help="for programs")
    sub = command("start", start_command, "start services, all if none is named")
    sub.add_argument("services", nargs="*", metavar="SERVICE")
    sub = command("stop", stop_command, "stop services, all if none is named", bare=True)
    sub.add_argument("services", nargs="*", metavar="SERVICE")
    sub.add_argument("--kill", action="store_true", help="at once, as a crash would")
    command("down", down_command, "end the cluster and remove all of it", bare=True)
    return program


def build_command(arguments):
    for folder in builds.build():
        print(folder)


def up_command(arguments):
    nodes = given.read(arguments.nodes) if arguments.nodes else None
    lifecycle.up(arguments.state, nodes, arguments.api)


def status_command(arguments):
    found = lifecycle.status(demand(arguments.state))
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        for row in found["services"]:
            words = "well" if row["well"] else "not well" if row["pid"] else "not running"
            fine = "✓" if row["well"] else "✗"
            console.line(fine, "kubernetes", f"{row['service']:<20}{row['pid'] or '-':<8}{words}")
    return 0 if found["healthy"] else 1


def start_command(arguments):
    cluster = demand(arguments.state)
    with exclusively(cluster.root):
        services.start(cluster, services.chosen(arguments.services))


def stop_command(arguments):
    cluster = demand(arguments.state)
    chosen = services.chosen(arguments.services)
    with exclusively(cluster.root):
        for service in services.stop(cluster, chosen, arguments.kill):
            console.line("✓", "kubernetes", f"{service} stopped")


def down_command(arguments):
    if lifecycle.down(arguments.state):
        console.line("✓", "kubernetes", "down")


if __name__ == "__main__":
    commands().main()
