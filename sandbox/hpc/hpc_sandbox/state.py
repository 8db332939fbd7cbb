"""What a supercomputer is on this machine: a folder with a short name that nobody else has, and what was made."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from sandbox_machine.files import write_private
from sandbox_machine.problems import Usage
from sandbox_machine.states import recall, remember

from hpc_sandbox.description import read

FOREIGN = "no supercomputer"  # what a folder of something else is


@dataclass
class State:
    """One supercomputer. Everything but the folder is remembered in it."""

    root: Path
    id: str  # begins the names of namespaces, machines and control groups
    name: str
    image: str
    given: dict  # the description, as JSON
    joins: dict = field(default_factory=dict)  # the tenancies of hosts that it stands beside, by their folder

    @classmethod
    def create(cls, root, name, image, given):
        state = cls(root, f"s{secrets.token_hex(3)}", name, str(image), given)
        for folder in ("hosts", "outside", "shared", "keys/registered"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        state.keys().chmod(0o700)
        state.save()
        return state

    @classmethod
    def load(cls, root):
        """The supercomputer in a folder, or None."""
        return recall(cls, root)

    def save(self):
        remember(self, write_private)

    def namespace(self, kind, name=""):
        """Name of a network namespace: s1a2b3c-host-login."""
        return "-".join(word for word in (self.id, kind, name) if word)

    def host(self, name, *parts):
        return self.root.joinpath("hosts", name, *parts)

    def outside(self, name, *parts):
        return self.root.joinpath("outside", name, *parts)

    def keys(self, *parts):
        return self.root.joinpath("keys", *parts)

    def shared(self, path, *parts):
        return self.root.joinpath("shared", path.strip("/"), *parts)

    @property
    def description(self):
        return read(self.given)


def demand(root):
    """The supercomputer in a folder; there has to be one."""
    state = State.load(root)
    if state is None:
        raise Usage(f"no supercomputer in {root} · hpc.py up {root} FILE")
    return state
