"""An APT repository of the packages that roles install: what apt itself would fetch for a host, and an index of it."""

import gzip
import hashlib
import shutil
import subprocess
import tempfile
from email.utils import formatdate
from pathlib import Path

from sandbox_machine.debian import listed
from sandbox_machine.mirrors import CODENAME
from sandbox_machine.problems import Problem
from sandbox_machine.run import logged, run

from hosts_sandbox import openbao

# Whom Debian's hosts believe. In the image a key of the sandbox stands there, so apt is told the same as on real hosts.
KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"
LIST = Path(__file__).with_name("repository-packages.txt")
POOL = "debian/pool"
# Suite and label as Debian has them: unattended-upgrades and pins look at these.
SUITES = (
    ("debian", CODENAME, "Debian"),
    ("debian", f"{CODENAME}-updates", "Debian"),
    ("debian-security", f"{CODENAME}-security", "Debian-Security"),
)


def fill(target, root, sources, log):
    """Fetches the packages with the machine's apt, as seen from the image, and indexes them."""
    pool = target / POOL
    (pool / "partial").mkdir(parents=True)
    state = target.parent / "apt"
    (state / "lists/partial").mkdir(parents=True)
    options = [
        "-qq",
        f"-oDir::Etc::sourcelist={sources}",
        "-oDir::Etc::sourceparts=-",
        f"-oDir::State::lists={state}/lists",
        f"-oDir::State::status={root}/var/lib/dpkg/status",
        f"-oDir::State::extended_states={state}/extended",
        f"-oDir::Cache={state}",
        f"-oDir::Cache::archives={pool}",
        "-oDebug::NoLocking=true",
        # Machines made from container images delete what they have fetched.
        "-oDPkg::Post-Invoke=",
        "-oAPT::Keep-Downloaded-Packages=true",
        "-oBinary::apt-get::APT::Keep-Downloaded-Packages=true",
    ]
    logged(log, "apt-get", *options, "update")
    # One by one: some exclude each other.
    for package in listed(LIST):
        logged(log, "apt-get", *options, "--yes", "--download-only", "install", package)
    openbao.package(pool)
    shutil.rmtree(pool / "partial")
    (pool / "lock").unlink(missing_ok=True)
    shutil.rmtree(state)
    index(target)


def index(target):
    """Writes Packages and Release; all packages are in the main suite, the others are empty."""
    stanzas = "".join(stanza(target, deb) for deb in sorted((target / POOL).glob("*.deb")))
    if not stanzas:
        raise Problem("apt-get fetched no package")
    architecture = run("dpkg", "--print-architecture").strip()
    for top, suite, label in SUITES:
        folder = target / top / "dists" / suite
        files = {}
        for name in (f"main/binary-{architecture}", "main/binary-all"):
            text = stanzas if suite == CODENAME and not name.endswith("-all") else ""
            place = folder / name
            place.mkdir(parents=True)
            (place / "Packages").write_text(text)
            (place / "Packages.gz").write_bytes(gzip.compress(text.encode(), 6, mtime=0))
            files |= {f"{name}/{file}": place / file for file in ("Packages", "Packages.gz")}
        (folder / "Release").write_text(release(suite, label, architecture, files))


def stanza(target, deb):
    control = subprocess.run(["dpkg-deb", "-f", deb], capture_output=True, text=True, check=True).stdout
    content = deb.read_bytes()
    name = deb.relative_to(target / "debian")
    return (
        f"{control.rstrip()}\nFilename: {name}\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n\n"
    )


def release(suite, label, architecture, files):
    rows = [
        f" {hashlib.sha256(file.read_bytes()).hexdigest()} {file.stat().st_size} {name}" for name, file in files.items()
    ]
    return "\n".join(
        [
            "Origin: Debian",
            f"Label: {label}",
            f"Suite: oldstable{suite.removeprefix(CODENAME)}",
            f"Codename: {suite}",
            f"Date: {formatdate(usegmt=True)}",
            f"Architectures: all {architecture}",
            "Components: main",
            "SHA256:",
            *rows,
            "",
        ]
    )


def sign(target, keyring):
    """Signs every Release with a new key, which is in the keyring then; its secret half is gone afterwards."""
    with tempfile.TemporaryDirectory() as home:
        gpg = ("gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", "")
        try:
            run(*gpg, "--quick-generate-key", "Packages of the sandbox", "ed25519", "sign", "never")
            for _, suite, _ in SUITES:
                for release in target.glob(f"*/dists/{suite}/Release"):
                    run(*gpg, "--clearsign", "--output", release.with_name("InRelease"), release)
            keyring.unlink(missing_ok=True)
            run(*gpg, "--output", keyring, "--export")
        finally:
            run("gpgconf", "--homedir", home, "--kill", "all")
    keyring.chmod(0o644)
