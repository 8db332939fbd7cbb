"""The root that all hosts share, and the local APT repository, made once per version."""

from pathlib import Path

from sandbox_machine import debian, images, sources
from sandbox_machine.console import step

from hosts_sandbox import openbao, packages, repository

NAME = "sandbox-hosts"
HOME = Path(__file__).parent
SOURCES = ("image.py", "repository.py", "openbao.py", "image-packages.txt", "repository-packages.txt")


def key():
    """Digest of what the image depends on: the program that makes it, and the sources here."""
    return sources.key(packages.versions()["mmdebstrap"] + openbao.PINNED, HOME, [HOME / source for source in SOURCES])


def build():
    """Makes the image if it is not there; gives its folder."""
    return images.build(NAME, key(), make)


def make(work):
    listed = debian.sources(work)
    root = work / "root"
    with step("image", "root"):
        debian.bootstrap(root, debian.listed(HOME / "image-packages.txt"), listed, work / "root.log")
    with step("image", "repository"):
        repository.fill(work / "repository", root, listed, work / "repository.log")
        repository.sign(work / "repository", root / repository.KEYRING)
    debian.settle(root)
