"""The description of a tenancy: read from JSON, and refused where it cannot be."""

import ipaddress
import uuid
from dataclasses import dataclass, field

from sandbox_machine.problems import Usage
from sandbox_machine.reading import Reader, address, addressed, addresses, among, cidr, named, optional, positive, text

PROTOCOLS = ("tcp", "udp", "icmp", None)
SERVES = ("apt", "dns", "ntp", None)


@dataclass(frozen=True)
class Network:
    name: str
    cidr: str
    gateway: str | None = None
    resolvers: tuple[str, ...] = ()

    @property
    def length(self):
        return self.cidr.partition("/")[2]


@dataclass(frozen=True)
class Rule:
    direction: str
    proto: str | None
    first: int | None
    last: int | None
    peer: str


@dataclass(frozen=True)
class Volume:
    name: str
    mib: int
    serial: str


@dataclass(frozen=True)
class Host:
    name: str
    network: str
    address: str
    public: str | None = None
    user_data: str = "#cloud-config\n{}\n"
    generation: int = 1
    volumes: tuple[Volume, ...] = ()
    also: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outside:
    name: str
    addresses: tuple[str, ...]
    names: dict = field(default_factory=dict)
    serves: str | None = None


@dataclass(frozen=True)
class Description:
    name: str
    networks: dict
    egress: str | None
    hosts: dict
    outside: dict

    def serving(self, what):
        return [outside for outside in self.outside.values() if outside.serves == what]


def read(value, where="description"):
    """A Description of parsed JSON."""
    top = Reader(value, where)
    name = top.take("name", text)
    networks = named(top.each("networks", read_network), where)
    router = top.take("router", lambda found: found, None)
    egress = Reader(router, f"{where}.router").take("egress", address) if router else None
    hosts = named(top.each("hosts", lambda row: read_host(row, name)), where)
    outside = named(top.each("outside", read_outside), where)
    for host in hosts.values():
        if host.network not in networks:
            raise Usage(f"{where}: {host.name} is in the network {host.network}, which is not there")
        if ipaddress.ip_address(host.address) not in ipaddress.ip_network(networks[host.network].cidr):
            raise Usage(f"{where}: {host.name}: {host.address} is not in {networks[host.network].cidr}")
        if host.public and not egress:
            raise Usage(f"{where}: {host.name} has a public address, and there is no router")
    return top.end(Description(name, networks, egress, hosts, outside))


def read_network(row):
    gateway = row.take("gateway", optional(address), None)
    made = Network(row.take("name", text), row.take("cidr", cidr), gateway, row.take("resolvers", addresses, ()))
    return row.end(made)


def read_rule(row):
    proto = row.take("proto", among(PROTOCOLS), None)
    first, last = row.take("from", optional(int), None), row.take("to", optional(int), None)
    if proto not in ("tcp", "udp"):
        first = last = None
    made = Rule(row.take("direction", among(("in", "out"))), proto, first, last or first, row.take("peer", cidr))
    return row.end(made)


def read_host(row, site):
    name = row.take("name", text)

    def volume(found):
        called = found.take("name", text)
        # As a cloud does: the first 20 characters of the volume's id are the serial that the disk shows.
        known = found.take("id", text, str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{called}.{name}.{site}")))
        return found.end(Volume(called, found.take("MiB", positive), known[:20]))

    default = Host("", "", "")
    made = Host(
        name=name,
        network=row.take("network", text),
        address=row.take("address", address),
        public=row.take("public", optional(address), None),
        user_data=row.take("userData", str, default.user_data),
        generation=row.take("generation", int, 1),
        volumes=tuple(row.each("volumes", volume)),
        also=row.take("also", addresses, ()),
        rules=tuple(dict.fromkeys(row.each("rules", read_rule))),
        names=row.take("names", tuple, ()),
    )
    if len(made.volumes) > 8:
        raise Usage(f"{row.where}.volumes: at most 8")
    return row.end(made)


def read_outside(row):
    made = Outside(
        row.take("name", text),
        row.take("addresses", addresses),
        row.take("names", addressed, {}),
        row.take("serves", among(SERVES), None),
    )
    return row.end(made)
