"""The description of a supercomputer: read from JSON, and refused where it cannot be."""

import datetime
import re
from dataclasses import dataclass, field

from sandbox_machine.problems import Usage
from sandbox_machine.reading import Reader, address, addressed, addresses, among, named, positive, text

# Users, projects, partitions and the like become names of files, groups and words of Slurm.
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
PATH = re.compile(r"(/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
LOGINS = ("registered-key", "operator-certificate", "signed-key")
# Two, so that a job can have several.
NODES = 2


@dataclass(frozen=True)
class Kind:
    """What nodes have that are alike."""

    architecture: str
    gpus: int
    cores: int
    mib: int | None


@dataclass(frozen=True)
class Partition:
    name: str
    kind: Kind
    seconds: int | None
    max_nodes: int | None
    shares: bool
    needs_qos: bool
    project: str | None


@dataclass(frozen=True)
class Qos:
    name: str
    partitions: tuple[str, ...] | None
    seconds: int | None
    min_nodes: int | None
    max_nodes: int | None
    max_jobs: int | None


@dataclass(frozen=True)
class Account:
    user: str
    projects: tuple[str, ...]
    work: str | None
    expires: str | None


@dataclass(frozen=True)
class Auth:
    kind: str
    seconds: int | None  # that a certificate of the operator holds


@dataclass(frozen=True)
class Tunnel:
    """A login node to whose ports jobs report: its names among compute nodes, and outside."""

    inside: str
    node: str


@dataclass(frozen=True)
class Outside:
    name: str
    addresses: tuple[str, ...]
    names: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    name: str
    host: str
    login: tuple[str, ...]
    nat: str | None
    login_internet: bool
    compute_internet: bool
    auth: Auth
    tunnel: Tunnel | None
    accounts: tuple[Account, ...]
    partitions: tuple[Partition, ...]
    qos: tuple[Qos, ...]
    shared: tuple[str, ...]
    nodes: int
    outside: dict

    @property
    def projects(self):
        return list(dict.fromkeys(project for account in self.accounts for project in account.projects))

    @property
    def kinds(self):
        """Kinds of nodes, in the order in which partitions have them."""
        return list(dict.fromkeys(partition.kind for partition in self.partitions))


def read(value, where="description"):
    """A Description of parsed JSON."""
    top = Reader(value, where)
    internet = top.take("internet", lambda found: Reader(found, f"{where}.internet"))
    made = Description(
        name=top.take("name", text),
        host=top.take("host", text),
        login=top.take("login", some(addresses)),
        nat=top.take("nat", address, None),
        login_internet=internet.take("login", bool),
        compute_internet=internet.take("compute", bool),
        auth=read_auth(top.take("auth", lambda found: Reader(found, f"{where}.auth"))),
        tunnel=top.take("tunnel", lambda found: read_tunnel(Reader(found, f"{where}.tunnel")), None),
        accounts=tuple(top.each("accounts", read_account)),
        partitions=tuple(named(top.each("partitions", read_partition), where).values()),
        qos=tuple(named(top.each("qos", read_qos), where).values()),
        shared=top.take("shared", paths, ()),
        nodes=top.take("nodes", positive, NODES),
        outside=named(top.each("outside", read_outside), where),
    )
    internet.end(made)
    if made.nat in made.login:
        raise Usage(f"{where}: {made.nat} is of login and of compute nodes")
    if not made.partitions:
        raise Usage(f"{where}.partitions: at least one")
    return top.end(made)


def read_auth(row):
    return row.end(Auth(row.take("kind", among(LOGINS)), row.take("seconds", positive, None)))


def read_tunnel(row):
    return row.end(Tunnel(row.take("inside", text), row.take("node", text)))


def read_account(row):
    projects, work = row.take("projects", some(words)), row.take("work", path, None)
    return row.end(Account(row.take("user", word), projects, work, row.take("expires", day, None)))


def read_partition(row):
    kind = Kind(
        row.take("architecture", word),
        row.take("gpus", int, 0),
        row.take("cores", positive),
        row.take("MiB", positive, None),
    )
    made = Partition(
        row.take("name", word),
        kind,
        row.take("seconds", positive, None),
        row.take("maxNodes", positive, None),
        row.take("shares", bool, False),
        row.take("needsQos", bool, False),
        row.take("project", word, None),
    )
    return row.end(made)


def read_qos(row):
    counts = (row.take(key, positive, None) for key in ("seconds", "minNodes", "maxNodes", "maxJobs"))
    return row.end(Qos(row.take("name", word), row.take("partitions", words, None), *counts))


def read_outside(row):
    return row.end(
        Outside(row.take("name", text), row.take("addresses", addresses), row.take("names", addressed, {})),
    )


def word(value):
    if not isinstance(value, str) or not WORD.fullmatch(value):
        raise ValueError(f"{value!r} is no word of at most 32 letters, digits, dots, dashes and underscores")
    return value


def words(values):
    return tuple(word(value) for value in values)


def path(value):
    if not isinstance(value, str) or not PATH.fullmatch(value):
        raise ValueError(f"{value!r} is no absolute path of letters, digits, dots, dashes and underscores")
    return value


def paths(values):
    return tuple(path(value) for value in values)


def some(check):
    def checked(values):
        found = check(values)
        if not found:
            raise ValueError("at least one")
        return found

    return checked


def day(value):
    return datetime.date.fromisoformat(value).isoformat()
