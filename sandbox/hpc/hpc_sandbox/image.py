"""The root that all machines of supercomputers share, made once per version."""

from pathlib import Path

from sandbox_machine import debian, images, sources
from sandbox_machine.console import step
from sandbox_machine.run import logged, run

from hpc_sandbox import packages

NAME = "sandbox-hpc"
HOME = Path(__file__).parent
SOURCES = ("image.py", "image-packages.txt", "make-database.sh", "files/etc/mysql/mariadb.conf.d/90-sandbox.cnf")
# Each machine starts its own of these.
SERVICES = ("mariadb", "munge", "slurmctld", "slurmd", "slurmdbd", "ssh")
TIMERS = ("apt-daily", "apt-daily-upgrade", "dpkg-db-backup", "e2scrub_all", "fstrim")


def key():
    """Digest of what the image depends on: the program that makes it, and the sources here."""
    return sources.key(packages.versions()["mmdebstrap"], HOME, [HOME / source for source in SOURCES])


def build():
    """Makes the image if it is not there; gives its folder."""
    return images.build(NAME, key(), make)


def make(work):
    root = work / "root"
    with step("image", "root"):
        wanted = debian.listed(HOME / "image-packages.txt")
        debian.bootstrap(root, wanted, debian.sources(work), work / "root.log")
        debian.settle(root)
        run("systemctl", f"--root={root}", "-q", "disable", *SERVICES, *(f"{timer}.timer" for timer in TIMERS))
    with step("image", "database"):
        settings = "etc/mysql/mariadb.conf.d/90-sandbox.cnf"
        (root / settings).write_text((HOME / "files" / settings).read_text())
        make_database(root, work / "database.log")
    # Each supercomputer has a key of its own.
    (root / "etc/munge/munge.key").unlink()


def make_database(root, log):
    """Lets the accounting daemon make its tables, which takes it longer than all else at a first boot."""
    alone = ("--private-network", "--register=no", "--keep-unit", "--resolv-conf=off", "--timezone=off")
    script = (HOME / "make-database.sh").read_text()
    logged(log, "systemd-nspawn", "--quiet", f"--directory={root}", *alone, "sh", "-c", script)
