"""What a cloud is: a folder with its ports, its secrets, and the data of its services."""

import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from sandbox_machine.files import write_private
from sandbox_machine.ports import claim
from sandbox_machine.problems import Usage
from sandbox_machine.states import recall, remember

from openstack_sandbox.ports import LISTENERS

REGION = "RegionOne"
FOREIGN = "no cloud"  # what a folder of something else is
CONTENTS = ("etc", "log", "run", "tmp", "data", "mysql", "fernet", "credential")


@dataclass
class Cloud:
    """One cloud. Everything but the folder is remembered in it."""

    root: Path
    name: str
    ports: dict
    sockets: str  # a short folder elsewhere: the path of a Unix socket has 107 bytes, and the state may lie deep
    admin_password: str
    service_password: str
    hypervisors: int
    template: str = ""  # key of the template that the databases come from; empty until they are there

    @classmethod
    def create(cls, root, name, hypervisors):
        """A cloud in an empty folder, with ports and secrets of its own."""
        root.mkdir(parents=True, exist_ok=True)
        short = f"/tmp/databridge-openstack-{secrets.token_hex(4)}"
        cloud = cls(
            root, name, claim(root, LISTENERS), short, secrets.token_hex(16), secrets.token_hex(16), hypervisors
        )
        cloud.save()
        return cloud

    @classmethod
    def load(cls, root):
        """The cloud in a folder, or None."""
        return recall(cls, root)

    def save(self):
        """Remembers what no other program needs to know."""
        remember(self, write_private)

    def publish(self):
        """Writes what others may know of the cloud."""
        public = {
            "name": self.name,
            "auth_url": self.url("keystone", "/v3"),
            "region": REGION,
            "ports": self.ports,
            "hypervisors": self.hypervisors,
            "version": self.template,
        }
        (self.root / "cloud.json").write_text(json.dumps(public, indent=1) + "\n")

    def url(self, listener, path=""):
        return f"http://127.0.0.1:{self.ports[listener]}{path}"

    def path(self, *parts):
        return self.root.joinpath(*parts)

    def log(self, service):
        return self.path("log", f"{service}.log")

    def pid_file(self, service):
        return self.path("run", f"{service}.pid")

    @property
    def socket(self):
        return f"{self.sockets}/mysql"

    def database(self, name):
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.socket}&charset=utf8"

    def make_folders(self):
        for name in CONTENTS:
            self.path(name).mkdir(mode=0o700, exist_ok=True)
        Path(self.sockets).mkdir(mode=0o700, exist_ok=True)

    def clear(self):
        """Removes the data of all services; ports and secrets stay."""
        for name in CONTENTS:
            shutil.rmtree(self.path(name), ignore_errors=True)
        self.template = ""
        self.save()


def demand(root):
    """The cloud in a folder; there has to be one."""
    cloud = Cloud.load(root)
    if cloud is None or not cloud.template:
        raise Usage(f"no cloud in {root} · cloud.py up {root} --name NAME")
    return cloud
