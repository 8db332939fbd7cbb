"""What a tenancy is on this machine: a folder with a short name that nobody else has, and what was made so far."""

import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hosts_sandbox.description import read
from hosts_sandbox.problems import Usage


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
        try:
            return cls(root=root, **json.loads((root / "private.json").read_text()))
        except FileNotFoundError:
            return None

    def save(self):
        known = asdict(self)
        del known["root"]
        draft = self.root / "private.json.new"
        draft.write_text(json.dumps(known, indent=1) + "\n")
        draft.rename(self.root / "private.json")

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


def ours(root):
    """Refuses a folder that holds something else."""
    if not root.exists() or (root / "private.json").exists():
        return
    strange = [entry.name for entry in root.iterdir() if entry.name not in ("lock", "private.json.new")]
    if strange:
        raise Usage(f"{root} is not ours: it holds {', '.join(sorted(strange)[:3])}")


@contextmanager
def exclusively(root):
    """Nobody else starts, stops or removes these hosts meanwhile."""
    while True:
        root.mkdir(parents=True, exist_ok=True)
        with (root / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Who waited for a `down` has locked a file that is gone.
            try:
                same = os.path.samestat(os.fstat(file.fileno()), os.stat(root / "lock"))
            except FileNotFoundError:
                same = False
            if same:
                yield file
                return
