"""What a tenancy is on this machine: a folder with a short name that nobody else has, and what was made so far."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from sandbox_machine.files import write_whole
from sandbox_machine.problems import Usage
from sandbox_machine.states import recall, remember

from hosts_sandbox.description import read

FOREIGN = "not ours"  # what a folder of something else is


@dataclass
class State:
    """One tenancy. Everything but the folder is remembered in it."""

    root: Path
    id: str  # begins the names of namespaces, machines and control groups
    name: str
    image: str
    made: dict = field(default_factory=dict)  # what stands, by kind and name, in the words it was made from
    given: dict = field(default_factory=dict)  # the description last applied, as JSON

    @classmethod
    def create(cls, root, name, image):
        state = cls(root, f"h{secrets.token_hex(3)}", name, str(image))
        for folder in ("hosts", "volumes", "outside"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        state.save()
        return state

    @classmethod
    def load(cls, root):
        """The tenancy in a folder, or None."""
        return recall(cls, root)

    def save(self):
        remember(self, write_whole)

    def namespace(self, kind, name=""):
        """Name of a network namespace: h1a2b3c-host-bastion."""
        return "-".join(word for word in (self.id, kind, name) if word)

    def host(self, name, *parts):
        return self.root.joinpath("hosts", name, *parts)

    def outside(self, name, *parts):
        return self.root.joinpath("outside", name, *parts)

    @property
    def description(self):
        return read(self.given)

    def survive(self, standing):
        """Forgets what a machine that was restarted has no more: all but roots and volumes."""
        if not standing:
            for kind in ("network", "filter", "router", "outside", "port"):
                self.made.pop(kind, None)

    def standing(self, kind):
        return self.made.setdefault(kind, {})


def demand(root):
    """The tenancy in a folder; there has to be one."""
    state = State.load(root)
    if state is None:
        raise Usage(f"no hosts in {root} · hosts.py up {root} FILE")
    return state
