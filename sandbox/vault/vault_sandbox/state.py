"""What a Vault is: a folder with its servers' ports, its keys, and what raft keeps."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from sandbox_machine.files import write_private, write_whole
from sandbox_machine.ports import claim
from sandbox_machine.problems import Usage
from sandbox_machine.states import recall, remember

from vault_sandbox import wheel

FOREIGN = "no Vault"  # what a folder of something else is


@dataclass
class Vault:
    """One Vault. Everything but the folder is remembered in it."""

    root: Path
    ports: dict
    servers: list
    share: str = ""  # the one unseal key; empty until the first server is initialised
    token: str = ""  # of root
    joined: list | None = None  # servers that raft knows

    @classmethod
    def create(cls, root, count):
        """A Vault in an empty folder, with ports of its own."""
        root.mkdir(parents=True, exist_ok=True)
        servers = [f"vault-{number}" for number in range(1, count + 1)]
        listeners = [name for server in servers for name in (server, f"{server}-raft")]
        vault = cls(root, claim(root, listeners), servers)
        vault.save()
        return vault

    @classmethod
    def load(cls, root):
        """The Vault in a folder, or None."""
        return recall(cls, root)

    def save(self):
        """Remembers what no other program needs to know."""
        remember(self, write_private)

    def publish(self):
        """Writes what others may know, and the token of root where only its owner can read it."""
        write_private(self.path("token"), self.token)
        public = {
            "addresses": [self.url(server) for server in self.servers],
            "ca": str(self.path("tls", "ca.pem")),
            "token": str(self.path("token")),
            "audit": str(self.audit),
            "program": str(wheel.program()),
            "version": wheel.VERSION,
        }
        write_whole(self.path("vault.json"), json.dumps(public, indent=1) + "\n")

    def url(self, server):
        return f"https://127.0.0.1:{self.ports[server]}"

    def path(self, *parts):
        return self.root.joinpath(*parts)

    def log(self, server):
        return self.path("log", f"{server}.log")

    def pid_file(self, server):
        return self.path("run", f"{server}.pid")

    @property
    def audit(self):
        """One file for all servers: they have to agree on it, and only the active one writes."""
        return self.path("log", "audit.log")

    def make_folders(self):
        for name in ("etc", "log", "run", "tls", *(f"raft/{server}" for server in self.servers)):
            self.path(name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def clear(self):
        """Removes what raft keeps."""
        shutil.rmtree(self.path("raft"), ignore_errors=True)

    def chosen(self, names):
        """Servers by name; all if none is named."""
        for name in names:
            if name not in self.servers:
                raise Usage(f'no server "{name}" · there are {", ".join(self.servers)}')
        return [server for server in self.servers if not names or server in names]


def demand(root):
    """The Vault in a folder; there has to be one."""
    vault = Vault.load(root)
    if vault is None or not vault.share:
        raise Usage(f"no Vault in {root} · vault.py up {root}")
    return vault
