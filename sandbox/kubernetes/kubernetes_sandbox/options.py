"""What each service is told on its command line."""

from kubernetes_sandbox import builds
from kubernetes_sandbox.certificates import pair

# As RKE2 has it.
SERVICES = "10.43.0.0/16"


def command(cluster, service):
    """The command of a service."""
    program, options = OF[service](cluster)
    return [builds.program(program), *(f"--{name}={value}" for name, value in options.items())]


def etcd(cluster):
    port, peers = cluster.ports["etcd"], cluster.ports["etcd-peers"]
    certificate, key = pair(cluster, "etcd")
    return "etcd", {
        "name": "sandbox",
        "data-dir": cluster.path("etcd"),
        "listen-client-urls": f"https://127.0.0.1:{port}",
        "advertise-client-urls": f"https://127.0.0.1:{port}",
        # It has no peers, and has to listen for them.
        "listen-peer-urls": f"http://127.0.0.1:{peers}",
        "initial-advertise-peer-urls": f"http://127.0.0.1:{peers}",
        "initial-cluster": f"sandbox=http://127.0.0.1:{peers}",
        "client-cert-auth": "true",
        "trusted-ca-file": cluster.path("tls", "etcd.pem"),
        "cert-file": certificate,
        "key-file": key,
        # A disk that others use too would make everything wait.
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }


def apiserver(cluster):
    tls = cluster.path("tls")
    certificate, key = pair(cluster, "server")
    to_etcd = pair(cluster, "etcd-client")
    front = pair(cluster, "front-proxy-client")
    ours = {
        "bind-address": "127.0.0.1",
        "advertise-address": "127.0.0.1",
        "secure-port": cluster.ports["apiserver"],
        # It would refuse to advertise an address of loopback.
        "endpoint-reconciler-type": "none",
        "etcd-servers": f"https://127.0.0.1:{cluster.ports['etcd']}",
        "etcd-cafile": tls / "etcd.pem",
        "etcd-certfile": to_etcd[0],
        "etcd-keyfile": to_etcd[1],
        "client-ca-file": tls / "cluster.pem",
        "tls-cert-file": certificate,
        "tls-private-key-file": key,
        # As RKE2 has it; what is privileged is refused by admission, where a namespace says so.
        "allow-privileged": "true",
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        "service-cluster-ip-range": SERVICES,
        "service-account-issuer": cluster.url,
        "service-account-key-file": tls / "accounts.pub",
        "service-account-signing-key-file": tls / "accounts.key",
        "requestheader-client-ca-file": tls / "front-proxy.pem",
        "requestheader-allowed-names": "front-proxy-client",
        "requestheader-username-headers": "X-Remote-User",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "proxy-client-cert-file": front[0],
        "proxy-client-key-file": front[1],
        "encryption-provider-config": cluster.path("etc", "encryption.json"),
        "audit-policy-file": cluster.path("etc", "audit-policy.json"),
        "audit-log-path": cluster.path("log", "audit.log"),
        "profiling": "false",
    }
    return "kube-apiserver", ours | dict(option.split("=", 1) for option in cluster.api)


def controller_manager(cluster):
    tls = cluster.path("tls")
    return "kube-controller-manager", {
        **component(cluster, "controller-manager"),
        "use-service-account-credentials": "true",
        "service-account-private-key-file": tls / "accounts.key",
        "root-ca-file": tls / "cluster.pem",
        "cluster-signing-cert-file": tls / "cluster.pem",
        "cluster-signing-key-file": tls / "cluster.key",
        # A claim gets a folder of this machine; no container ever writes to it.
        "enable-hostpath-provisioner": "true",
    }


def scheduler(cluster):
    return "kube-scheduler", component(cluster, "scheduler")


def component(cluster, service):
    certificate, key = pair(cluster, "server")
    config = cluster.kubeconfig(service)
    return {
        "kubeconfig": config,
        "authentication-kubeconfig": config,
        "authorization-kubeconfig": config,
        "bind-address": "127.0.0.1",
        "secure-port": cluster.ports[service],
        "tls-cert-file": certificate,
        "tls-private-key-file": key,
        "leader-elect": "false",
        "profiling": "false",
    }


def kwok(cluster):
    return "kwok", {
        "kubeconfig": cluster.kubeconfig("kwok"),
        "manage-all-nodes": "false",
        "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
        "server-address": f"127.0.0.1:{cluster.ports['kwok']}",
        "node-lease-duration-seconds": 40,
    }


OF = {
    "etcd": etcd,
    "apiserver": apiserver,
    "controller-manager": controller_manager,
    "scheduler": scheduler,
    "kwok": kwok,
}
