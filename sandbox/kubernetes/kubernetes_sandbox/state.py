"""What a cluster is: a folder with its ports, its nodes, its certificates, and what etcd keeps."""

import json
from dataclasses import dataclass
from pathlib import Path

from sandbox_machine.files import write_private, write_whole
from sandbox_machine.ports import claim
from sandbox_machine.problems import Usage
from sandbox_machine.states import recall, remember

from kubernetes_sandbox import builds
from kubernetes_sandbox.modules import KUBERNETES

FOREIGN = "no cluster"  # what a folder of something else is
LISTENERS = ("apiserver", "etcd", "etcd-peers", "controller-manager", "scheduler", "kwok")
USERS = ("admin", "controller-manager", "scheduler", "kwok")  # of whom each has a kubeconfig


@dataclass
class Cluster:
    """One cluster. Everything but the folder is remembered in it."""

    root: Path
    ports: dict
    nodes: list
    api: list  # options of the API server, `name=value`
    ready: bool = False  # whether it has been up, with all of its nodes

    @classmethod
    def create(cls, root, nodes, api):
        """A cluster in an empty folder, with ports of its own."""
        root.mkdir(parents=True, exist_ok=True)
        cluster = cls(root, claim(root, LISTENERS), nodes, api)
        cluster.save()
        return cluster

    @classmethod
    def load(cls, root):
        """The cluster in a folder, or None."""
        return recall(cls, root)

    def save(self):
        """Remembers what no other program needs to know."""
        remember(self, write_private)

    def publish(self):
        """Writes what others may know."""
        public = {
            "address": self.url,
            "ca": str(self.path("tls", "cluster.pem")),
            "kubeconfig": str(self.kubeconfig("admin")),
            "audit": str(self.path("log", "audit.log")),
            "kubectl": str(builds.program("kubectl")),
            "helm": str(builds.program("helm")),
            "version": KUBERNETES,
        }
        write_whole(self.path("kubernetes.json"), json.dumps(public, indent=1) + "\n")

    @property
    def url(self):
        return f"https://127.0.0.1:{self.ports['apiserver']}"

    def path(self, *parts):
        return self.root.joinpath(*parts)

    def log(self, service):
        return self.path("log", f"{service}.log")

    def pid_file(self, service):
        return self.path("run", f"{service}.pid")

    def kubeconfig(self, user):
        return self.path("etc", f"{user}.kubeconfig")

    def make_folders(self):
        for name in ("etc", "log", "run", "tls", "etcd"):
            self.path(name).mkdir(mode=0o700, parents=True, exist_ok=True)


def demand(root):
    """The cluster in a folder; there has to be one."""
    cluster = Cluster.load(root)
    if cluster is None or not cluster.ready:
        raise Usage(f"no cluster in {root} · kubernetes.py up {root}")
    return cluster
