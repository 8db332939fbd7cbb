"""The commands of a program, and what it exits with."""

import argparse
import sys
from pathlib import Path

from sandbox_machine.console import complain
from sandbox_machine.problems import Problem


class Commands:
    """Commands of one program, most of them with a STATE: a folder that holds all that there is."""

    def __init__(self, words, state, packages):
        """Words that say what the program is, and whose folder STATE is; `packages` has `install` and `require`."""
        self.parser = argparse.ArgumentParser(description=words)
        self.subparsers = self.parser.add_subparsers(metavar="COMMAND", required=True)
        self.state = f"folder of {state}"
        self.packages = packages
        sub = self.add("packages", self.run_packages, "tell which Debian packages are missing (exit 3)", False, True)
        sub.add_argument("--install", action="store_true", help="install them; needs root; starts no service")

    def add(self, name, run, words, state=True, bare=False):
        """A command, whose further arguments are up to the caller; bare ones do without the packages."""
        sub = self.subparsers.add_parser(name, help=words, description=words)
        sub.set_defaults(command=run, bare=bare)
        if state:
            sub.add_argument("state", metavar="STATE", type=lambda path: Path(path).resolve(), help=self.state)
        return sub

    def run_packages(self, arguments):
        if arguments.install:
            self.packages.install()
        self.packages.require()

    def main(self):
        """Does what the command line says, and exits with what it came to."""
        arguments = self.parser.parse_args()
        try:
            if not arguments.bare:
                self.packages.require()
            sys.exit(arguments.command(arguments))
        except Problem as problem:
            complain(problem)
            sys.exit(problem.code)
        except KeyboardInterrupt:
            sys.exit(1)
