"""What is built: modules of Go at one version each, and the programs of them."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from sandbox_machine.cache import cache

HOME = Path(__file__).resolve().parent.parent / "go"
NAME = "sandbox-kubernetes"


@dataclass(frozen=True)
class Module:
    """Programs of one module."""

    name: str
    path: str
    packages: tuple[str, ...]  # of the programs, below it
    minutes: int  # of two idle cores, once those before it are built
    versions: tuple[str, ...] = ()  # variables that say the version: by themselves they say that of no release

    @property
    def version(self):
        return re.search(rf"^require {re.escape(self.path)} v(\S+)$", self.text("go.mod"), re.MULTILINE)[1]

    @property
    def programs(self):
        """Names of the programs: those of their packages."""
        return [Path(package).name for package in self.packages] if self.packages[0] else [self.name]

    @property
    def linked(self):
        """What the linker is told: no tables for debuggers, and the version."""
        major, minor, _ = self.version.split(".")
        said = [each.format(version=self.version, major=major, minor=minor) for each in self.versions]
        return " ".join(["-s", "-w", *(f"-X {each}" for each in said)])

    @property
    def folder(self):
        """Where its programs are, or will be: what they are made of is in the name."""
        said = "\n".join((self.text("go.mod"), self.text("go.sum"), self.linked, *self.packages))
        return cache() / f"{NAME}-{self.name}-{self.version}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    def text(self, file):
        return (HOME / self.name / file).read_text()


RELEASE = "k8s.io/component-base/version"
HELM = "helm.sh/helm/v3"
# In this order: each takes least where it shares most with those before it.
MODULES = (
    Module(
        "control-plane",
        "k8s.io/kubernetes",
        ("cmd/kube-apiserver", "cmd/kube-controller-manager", "cmd/kube-scheduler", "cmd/kubectl"),
        6,
        (
            RELEASE + ".gitVersion=v{version}",
            RELEASE + ".gitMajor={major}",
            RELEASE + ".gitMinor={minor}",
            RELEASE + ".gitTreeState=clean",
        ),
    ),
    # To charts it says that it stands before the release whose libraries it has.
    Module(
        "helm",
        HELM,
        ("cmd/helm",),
        2,
        (
            HELM + "/internal/version.version=v{version}",
            HELM + "/pkg/chartutil.k8sVersionMajor=1",
            HELM + "/pkg/chartutil.k8sVersionMinor=34",
            HELM + "/pkg/lint/rules.k8sVersionMajor=1",
            HELM + "/pkg/lint/rules.k8sVersionMinor=34",
        ),
    ),
    Module("etcd", "go.etcd.io/etcd/server/v3", ("",), 1),
    Module("kwok", "sigs.k8s.io/kwok", ("cmd/kwok",), 2, ("sigs.k8s.io/kwok/pkg/consts.Version=v{version}",)),
)
KUBERNETES = MODULES[0].version
