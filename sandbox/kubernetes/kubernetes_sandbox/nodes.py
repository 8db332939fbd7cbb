"""Nodes that kwok plays, and volumes that the controllers make."""

import time

from sandbox_machine.console import step
from sandbox_machine.problems import Problem, Usage

from kubernetes_sandbox.api import Api

PATIENCE = 60.0
EQUAL = [{"name": f"node-{number}"} for number in (1, 2, 3)]
KEYS = {"name", "labels", "taints", "capacity", "allocatable"}
SIZE = {"cpu": "16", "memory": "64Gi", "pods": "110"}


def sound(nodes):
    """Refuses what is no list of nodes."""
    for node in nodes:
        if not isinstance(node, dict) or "name" not in node or set(node) - KEYS:
            raise Usage(f"no node: {node} · name, and any of {', '.join(sorted(KEYS - {'name'}))}")
    return nodes


def make(cluster):
    """Makes them, and waits until they are ready, and accounts are made by themselves."""
    api = Api(cluster)
    for node in cluster.nodes:
        api.make("/api/v1/nodes", described(node))
    api.make("/apis/storage.k8s.io/v1/storageclasses", STORAGE)
    with step("kubernetes", f"{len(cluster.nodes)} nodes"):
        until(lambda: all(map(ready, api.get("/api/v1/nodes")["items"])), "a node is not ready", cluster.log("kwok"))
    with step("kubernetes", "accounts"):
        path = "/api/v1/namespaces/default/serviceaccounts"
        until(lambda: api.get(path)["items"], "no account is made", cluster.log("controller-manager"))


def described(node):
    """A node as its kubelet would tell it."""
    name, capacity = node["name"], {**SIZE, **node.get("capacity", {})}
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {**labels, **node.get("labels", {})},
        },
        "spec": {"taints": node.get("taints", [])},
        "status": {"capacity": capacity, "allocatable": {**capacity, **node.get("allocatable", {})}},
    }


def ready(node):
    """Whether it says so, and the controllers have seen it: until then nothing is put there."""
    taints = [taint["key"] for taint in node["spec"].get("taints", [])]
    conditions = {row["type"]: row["status"] for row in node["status"].get("conditions", [])}
    return conditions.get("Ready") == "True" and "node.kubernetes.io/not-ready" not in taints


def until(holds, otherwise, log):
    limit = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > limit:
            raise Problem(otherwise, log)
        time.sleep(0.1)


STORAGE = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "sandbox", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    "provisioner": "kubernetes.io/host-path",
}
