"""What the checks need: a tenancy in a folder that goes away, a certificate authority, and commands everywhere."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

PROGRAM = Path(__file__).with_name("hosts.py")
PRINCIPAL = "ansible@lumi-production"
USER_DATA = """\
#cloud-config
hostname: {host}
fqdn: {host}.lumi.example.org
prefer_fqdn_over_hostname: false
ssh_pwauth: false
disable_root: true
ssh: {{emit_keys_to_console: true}}
users:
  - {{name: ansible, groups: [sudo], shell: /bin/bash, lock_passwd: true, sudo: "ALL=(ALL) NOPASSWD:ALL"}}
write_files:
  - {{path: /etc/ssh/platform-user-ca.pub, permissions: "0644", content: "{ca}\\n"}}
  - {{path: /etc/ssh/principals/ansible, permissions: "0644", content: "{principal}\\n"}}
  - path: /etc/ssh/sshd_config.d/10-platform.conf
    permissions: "0644"
    content: |
      TrustedUserCAKeys /etc/ssh/platform-user-ca.pub
      AuthorizedPrincipalsFile /etc/ssh/principals/%u
      AuthorizedKeysFile none
      PasswordAuthentication no
      PermitRootLogin no
runcmd: [[systemctl, reload-or-restart, ssh]]
"""


class Failed(Exception):
    """What was seen is not what should be."""


class Skipped(Exception):
    """This machine cannot show it."""


class Count:
    """Runs checks one after the other, prints a line for each, and counts."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    @contextmanager
    def check(self, words):
        begin = time.monotonic()
        try:
            yield
        except Skipped as reason:
            self.skipped += 1
            print(f"- {words}: skipped, {reason}", flush=True)
        except Exception as error:  # noqa: BLE001
            self.failed += 1
            print(f"✗ {words}: {type(error).__name__}: {error}", flush=True)
        else:
            self.passed += 1
            print(f"✓ {words:<86}{time.monotonic() - begin:6.1f} s", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0


class Tenancy:
    """One STATE, driven by the program itself."""

    def __init__(self, description, folder=None):
        self.folder = folder or Path(tempfile.mkdtemp(prefix="databridge-hosts-"))
        self.state, self.description = self.folder / f"state-{description['name']}", description

    def call(self, *words, text=None, seconds=180):
        """Exit code and all output of hosts.py."""
        command = [sys.executable, "-B", PROGRAM, *(str(word) for word in words)]
        keywords = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds, **keywords
        )
        return done.returncode, done.stdout.strip()

    def do(self, command, *words, text=None):
        """Output of hosts.py, which must succeed."""
        code, out = self.call(command, self.state, *words, text=text)
        if code:
            raise Failed(f"{command} {' '.join(map(str, words))}: {out[-600:]}")
        return out

    def up(self):
        return self.do("up", "-", text=json.dumps(self.description))

    def host(self, name):
        return next(host for host in self.description["hosts"] if host["name"] == name)

    def inside(self, name, script):
        return self.do("exec", name, "sh", "-c", script)

    def outside(self, name, *words):
        """Exit code and output of a command of somebody outside."""
        return self.call("outside", self.state, name, *words)

    def status(self):
        _, out = self.call("status", self.state, "--json")
        return json.loads(out)

    def pids(self):
        return {host["name"]: host["pid"] for host in self.status()["hosts"]}


class Keys:
    """A certificate authority, a key with a certificate of it, and one without."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("ca", "user", "stranger"):
            keygen("-q", "-t", "ed25519", "-N", "", "-f", folder / name)
        keygen("-q", "-s", folder / "ca", "-I", "check", "-n", PRINCIPAL, "-V", "-5m:+1h", folder / "user.pub")

    @property
    def authority(self):
        return (self.folder / "ca.pub").read_text().strip()

    def user_data(self, host):
        return USER_DATA.format(host=host, ca=self.authority, principal=PRINCIPAL)

    def ssh(self, key="user", via=None):
        """Words of ssh that believes the host keys learned from consoles, and nothing else of this machine."""
        options = ["BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=3"]
        options += [f"UserKnownHostsFile={self.folder / 'known_hosts'}", "GlobalKnownHostsFile=none"]
        words = ["ssh", "-F", "none", "-i", str(self.folder / key), *(word for o in options for word in ("-o", o))]
        return [*words, *(["-o", f"ProxyCommand={' '.join(words)} -W %h:%p {via}"] if via else [])]

    def learn(self, console, *addresses):
        """Notes the host keys that cloud-init has printed to a console."""
        begin, end = "-----BEGIN SSH HOST KEY KEYS-----", "-----END SSH HOST KEY KEYS-----"
        keys = console.rpartition(begin)[2].partition(end)[0].split("\n")
        rows = [key.strip() for key in keys if key.startswith(("ssh-", "ecdsa-"))]
        if not rows:
            raise Failed("no host keys on the console")
        with (self.folder / "known_hosts").open("a") as file:
            file.writelines(f"{','.join(addresses)} {row}\n" for row in rows)


def keygen(*words):
    subprocess.run(["ssh-keygen", *map(str, words)], check=True, capture_output=True)


def rule(direction, proto, port, peer):
    return {"direction": direction, "proto": proto, "from": port, "to": port, "peer": peer}


def same(found, wanted):
    if found != wanted:
        raise Failed(f"{found!r} instead of {wanted!r}")


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
