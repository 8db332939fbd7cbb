"""A CA of the Vault's own, and one certificate for all its servers."""

from sandbox_machine.run import run

DAYS = 365
CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")


def make(vault):
    """Makes both if they are not there. The CA's key is not kept: nobody else gets a certificate of it."""
    tls = vault.path("tls")
    if (tls / "server.pem").exists():
        return
    new = ("openssl", "req", "-x509", "-days", DAYS, *CURVE)
    authority = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    run(*new, "-subj", "/CN=sandbox vault", *authority, "-keyout", tls / "ca.key", "-out", tls / "ca.pem")
    names = ",".join(["IP:127.0.0.1", "DNS:localhost", *(f"DNS:{server}" for server in vault.servers)])
    extensions = (f"subjectAltName={names}", "extendedKeyUsage=serverAuth", "basicConstraints=critical,CA:FALSE")
    signed = ("-CA", tls / "ca.pem", "-CAkey", tls / "ca.key", "-subj", "/CN=vault")
    added = [word for extension in extensions for word in ("-addext", extension)]
    run(*new, *signed, *added, "-keyout", tls / "server.key", "-out", tls / "server.new")
    (tls / "server.new").rename(tls / "server.pem")
    (tls / "ca.key").unlink()
