"""The machines of a supercomputer: who they are, and where they stand in its own network."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from sandbox_machine import containers

# Of each supercomputer alone: what leaves it is translated, or has an address of its login nodes.
INTERNAL = ipaddress.IPv4Network("10.77.0.0/16")
# Where nobody is: of a node that Slurm knows, and that is not there.
NOWHERE = "192.0.2.1"
MANAGEMENT, LOGIN = "management", "login"


@dataclass(frozen=True)
class Machine:
    name: str
    address: str


@dataclass(frozen=True)
class Nodes:
    """Nodes of one kind as Slurm knows them: the first are there, the others are not."""

    kind: object
    number: int
    live: int
    count: int

    @property
    def machines(self):
        return [Machine(self.name(one), inside(self.number, one)) for one in range(1, self.live + 1)]

    def name(self, one):
        return f"n{self.number}{one:04}"

    def names(self, first, last):
        """Several, in Slurm's words."""
        return f"n{self.number}[{first:04}-{last:04}]"

    @property
    def there(self):
        return self.names(1, self.live)

    @property
    def absent(self):
        return self.names(self.live + 1, self.count) if self.count > self.live else ""


def inside(block, one):
    return str(INTERNAL[256 * block + one])


GATEWAY = inside(0, 1)


def nodes(description):
    """Nodes by kind; one more than any job can have, so that it is a limit that speaks, and not the lack of nodes."""
    found = []
    for number, kind in enumerate(description.kinds, 1):
        limits = [partition.max_nodes for partition in description.partitions if partition.kind == kind]
        limits += [limit for qos in description.qos for limit in (qos.min_nodes, qos.max_nodes)]
        most = max((limit for limit in limits if limit), default=0)
        found.append(Nodes(kind, number, description.nodes, max(description.nodes, most + 1)))
    return found


def machines(description):
    """Every machine that boots, by its name."""
    there = [Machine(MANAGEMENT, inside(0, 2)), Machine(LOGIN, inside(0, 3))]
    there += [machine for group in nodes(description) for machine in group.machines]
    return {machine.name: machine for machine in there}


def place(state, name, path):
    """Where a file of a machine is for this one: below its running root, or in what it boots from."""
    pid = containers.leader(state, name)
    root = Path(f"/proc/{pid}/root") if pid else state.host(name, "upper")
    return root / path.lstrip("/")
