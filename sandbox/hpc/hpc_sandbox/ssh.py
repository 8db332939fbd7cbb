"""What the login node has for those who log in: sshd's configuration, its key, and whom it believes."""

from pathlib import Path

from sandbox_machine.run import run

HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
AUTHORITIES = "/etc/ssh/user-ca.pub"
REGISTERED = "/etc/ssh/keys"
SSHD = """\
HostKey {host_key}
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
LogLevel VERBOSE
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
GatewayPorts {tunnels}
{logins}
"""


def configuration(description):
    """sshd's: by registered keys, or by certificates that name the user; nodes reach ports of it if jobs report so."""
    registered = f"AuthorizedKeysFile {REGISTERED}/%u"
    signed = f"AuthorizedKeysFile none\nTrustedUserCAKeys {AUTHORITIES}"
    logins = registered if description.auth.kind == "registered-key" else signed
    return SSHD.format(host_key=HOST_KEY, tunnels="clientspecified" if description.tunnel else "no", logins=logins)


def keygen(*words):
    run("ssh-keygen", "-q", *words)


def pair(state, name):
    """A key of the operator, made if it is not there: `host-key` or `user-ca`."""
    file = state.keys(name)
    if not file.exists():
        keygen("-t", "ed25519", "-N", "", "-C", f"{name} of {state.name}", "-f", file)
    return file


def public(file):
    """The public half of a key, without its comment."""
    return " ".join(Path(f"{file}.pub").read_text().split()[:2])


def fingerprint(state):
    return run("ssh-keygen", "-lf", f"{pair(state, 'host-key')}.pub").split()[1]


def files(state, description):
    """What the login node has for sshd, by path: text and mode."""
    auth = description.auth
    host_key = pair(state, "host-key")
    found = {
        "/etc/ssh/sshd_config": (configuration(description), 0o644),
        HOST_KEY: (host_key.read_text(), 0o600),
        f"{HOST_KEY}.pub": (f"{public(host_key)}\n", 0o644),
    }
    if auth.kind == "registered-key":
        for file in state.keys("registered").iterdir():
            found[f"{REGISTERED}/{file.name}"] = (file.read_text(), 0o644)
    else:
        found[AUTHORITIES] = (authorities(state, auth), 0o644)
    return found


def authorities(state, auth):
    """CAs whose certificates let in: the operator's own, or those that it was told to trust."""
    if auth.kind == "operator-certificate":
        return f"{public(pair(state, 'user-ca'))}\n"
    trusted = state.keys("trusted")
    return trusted.read_text() if trusted.exists() else ""
