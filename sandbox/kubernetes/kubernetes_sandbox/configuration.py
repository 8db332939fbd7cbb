"""The files that the services read: whom they are, what is encrypted, what is written down."""

import base64
import json
import secrets

from sandbox_machine.files import write_private

from kubernetes_sandbox.certificates import pair
from kubernetes_sandbox.state import USERS

NAME = "sandbox"  # of the cluster, and of the context, in each kubeconfig


def write(cluster):
    """Writes all of them. JSON is YAML."""
    for user in USERS:
        write_json(cluster.kubeconfig(user), kubeconfig(cluster, user))
    write_json(cluster.path("etc", "audit-policy.json"), AUDIT)
    # Another key could not read what is there.
    if not cluster.path("etc", "encryption.json").exists():
        write_json(cluster.path("etc", "encryption.json"), encryption())


def write_json(path, value):
    write_private(path, json.dumps(value, indent=1) + "\n")


def kubeconfig(cluster, user):
    """How one user meets the API; all in one file, so that it can be taken elsewhere."""
    authority = encoded(cluster.path("tls", "cluster.pem"))
    certificate, key = map(encoded, pair(cluster, user))
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NAME,
        "clusters": [{"name": NAME, "cluster": {"server": cluster.url, "certificate-authority-data": authority}}],
        "users": [{"name": user, "user": {"client-certificate-data": certificate, "client-key-data": key}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": user}}],
    }


def encoded(path):
    return base64.b64encode(path.read_bytes()).decode()


def encryption():
    """Secrets are not in clear text in etcd's files."""
    key = {"name": "sandbox", "secret": base64.b64encode(secrets.token_bytes(32)).decode()}
    return {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [{"resources": ["secrets"], "providers": [{"secretbox": {"keys": [key]}}, {"identity": {}}]}],
    }


# Who changed what, but for what the cluster does by itself.
AUDIT = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "None", "users": ["system:kube-scheduler", "system:kube-controller-manager", "kwok"]},
        {"level": "None", "userGroups": ["system:serviceaccounts:kube-system"]},
        {"level": "None", "verbs": ["get", "list", "watch"]},
        {"level": "Metadata"},
    ],
}
