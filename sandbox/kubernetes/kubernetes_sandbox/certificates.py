"""Three CAs, as a cluster has them, and a certificate for everybody who speaks to it."""

from sandbox_machine.run import run

DAYS = 365
CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
LOOPBACK = ("IP:127.0.0.1", "DNS:localhost")
# Names by which pods would meet the API: the first address of the services' network is the API's.
API = (
    "IP:10.43.0.1",
    "DNS:kubernetes",
    *(f"DNS:kubernetes.default{rest}" for rest in ("", ".svc", ".svc.cluster.local")),
)
# By which CA, who, of which group and name, for what. Names are Kubernetes' own: RBAC knows them.
CERTIFICATES = (
    ("etcd", "etcd", "/CN=etcd", "serverAuth,clientAuth", LOOPBACK),
    ("etcd", "etcd-client", "/CN=apiserver", "clientAuth", ()),
    ("cluster", "server", "/CN=control-plane", "serverAuth", LOOPBACK + API),
    ("cluster", "admin", "/O=system:masters/CN=sandbox-admin", "clientAuth", ()),
    ("cluster", "controller-manager", "/CN=system:kube-controller-manager", "clientAuth", ()),
    ("cluster", "scheduler", "/CN=system:kube-scheduler", "clientAuth", ()),
    ("cluster", "kwok", "/O=system:masters/CN=kwok", "clientAuth", ()),
    ("front-proxy", "front-proxy-client", "/CN=front-proxy-client", "clientAuth", ()),
)


def make(cluster):
    """Makes all of them, unless they are there."""
    tls = cluster.path("tls")
    done = tls / "made"
    if done.exists():
        return
    new = ("openssl", "req", "-x509", "-days", DAYS, *CURVE)
    authority = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    for name in dict.fromkeys(by for by, *_ in CERTIFICATES):
        run(*new, "-subj", f"/CN={name}", *authority, "-keyout", tls / f"{name}.key", "-out", tls / f"{name}.pem")
    for by, name, subject, usage, names in CERTIFICATES:
        extensions = [f"extendedKeyUsage={usage}", "basicConstraints=critical,CA:FALSE"]
        if names:
            extensions.append(f"subjectAltName={','.join(names)}")
        signed = ("-CA", tls / f"{by}.pem", "-CAkey", tls / f"{by}.key", "-subj", subject)
        added = [word for extension in extensions for word in ("-addext", extension)]
        # A CA and a certificate may have one name: that of etcd.
        file = tls / f"{name}-of-{by}"
        run(*new, *signed, *added, "-keyout", f"{file}.key", "-out", f"{file}.pem")
    # With it the API signs the tokens of accounts.
    tokens = tls / "accounts.key"
    run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", tokens)
    run("openssl", "pkey", "-in", tokens, "-pubout", "-out", tls / "accounts.pub")
    done.touch()


def pair(cluster, name):
    """Files of a certificate and its key."""
    by = next(by for by, named, *_ in CERTIFICATES if named == name)
    return [cluster.path("tls", f"{name}-of-{by}.{end}") for end in ("pem", "key")]
