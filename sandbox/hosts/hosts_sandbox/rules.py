"""Security groups and address translation, in the words of iptables-restore."""

from sandbox_machine.namespaces import port
from sandbox_machine.tables import KNOWN, table

from hosts_sandbox.description import Rule


def network_filter(hosts):
    """What passes the bridge of a network: default drop both ways at each port, stateful.

    It is enforced where no host can change it. Traffic of the router's port passes the chain of the other end only.
    """
    chains, guards, lines = [], [], []
    for host in hosts:
        name = port(host.name)
        chains += [f":s-{name} -", f":o-{name} -", f":i-{name} -"]
        # Nobody speaks for another address than its own and those it may take over.
        guards.append(f"-A FORWARD -m physdev --physdev-in {name} -j s-{name}")
        guards += [f"-A s-{name} -s {address} -j RETURN" for address in (host.address, *host.also)]
        guards.append(f"-A s-{name} -j DROP")
        lines.append(f"-A FORWARD -m physdev --physdev-in {name} -j o-{name}")
        lines += [f"-A o-{name} {words(rule)} -j RETURN" for rule in host.rules if rule.direction == "out"]
        lines.append(f"-A o-{name} -j DROP")
    for host in hosts:
        name = port(host.name)
        lines.append(f"-A FORWARD -m physdev --physdev-out {name} -j i-{name}")
        lines += [f"-A i-{name} {words(rule)} -j ACCEPT" for rule in host.rules if rule.direction == "in"]
        lines.append(f"-A i-{name} -j DROP")
    return table(
        "filter", [":FORWARD DROP", *chains], [*guards, f"-A FORWARD {KNOWN} -j ACCEPT", *lines, "-A FORWARD -j ACCEPT"]
    )


def words(rule: Rule):
    peer = f"{'-s' if rule.direction == 'in' else '-d'} {rule.peer}"
    protocol = f" -p {rule.proto}" if rule.proto else ""
    ports = f" --dport {rule.first}:{rule.last}" if rule.first is not None else ""
    return peer + protocol + ports


def router_filter():
    """From the world only answers, and what came for a public address."""
    return table(
        "filter",
        [":INPUT ACCEPT", ":FORWARD DROP"],
        [
            "-A INPUT -i world -p icmp -j ACCEPT",
            "-A INPUT -i world -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP",
            f"-A FORWARD {KNOWN} -j ACCEPT",
            "-A FORWARD -i world -m conntrack --ctstate DNAT -j ACCEPT",
            "-A FORWARD -i world -j DROP",
            "-A FORWARD -j ACCEPT",
        ],
    )


def router_translation(egress, hosts, networks):
    """Floating addresses and shared egress, in the order in which OpenStack's routers have them."""
    public = [host for host in hosts if host.public]
    return table(
        "nat",
        [":PREROUTING ACCEPT", ":POSTROUTING ACCEPT"],
        [
            *(f"-A PREROUTING -d {host.public} -j DNAT --to-destination {host.address}" for host in public),
            # Between the tenancy's own networks nothing is translated, unless it went to a public address (hairpin).
            "-A POSTROUTING ! -o world -m conntrack ! --ctstate DNAT -j ACCEPT",
            *(f"-A POSTROUTING -s {host.address} -j SNAT --to-source {host.public}" for host in public),
            *(f"-A POSTROUTING -s {network.cidr} -j SNAT --to-source {egress}" for network in networks),
        ],
    )
