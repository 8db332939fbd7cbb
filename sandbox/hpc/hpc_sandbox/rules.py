"""What passes the border of a supercomputer, in the words of iptables-restore."""

from sandbox_machine.namespaces import PORT
from sandbox_machine.tables import KNOWN, table

from hpc_sandbox.machines import INTERNAL

# Interfaces of the border: to its machines, to the login node, to the world, and to each tenancy that it stands beside.
TENANCY = f"{PORT}+"
OUT = ("world", TENANCY)


def filter(description):
    """From outside only SSH to login nodes; outward what the site says of login and of compute nodes."""
    login = OUT if description.login_internet else ()
    compute = () if not description.nat else OUT if description.compute_internet else (TENANCY,)
    return table(
        "filter",
        [":INPUT DROP", ":FORWARD DROP"],
        [
            "-A INPUT -i lo -j ACCEPT",
            f"-A INPUT {KNOWN} -j ACCEPT",
            "-A INPUT -p icmp -j ACCEPT",
            *(f"-A INPUT -i internal -p {proto} --dport 53 -j ACCEPT" for proto in ("udp", "tcp")),
            f"-A FORWARD {KNOWN} -j ACCEPT",
            *(f"-A FORWARD -i login -o {interface} -j ACCEPT" for interface in login),
            *(f"-A FORWARD -i internal -o {interface} -j ACCEPT" for interface in compute),
            *(
                f"-A FORWARD -i {interface} -o login {what} -j ACCEPT"
                for interface in OUT
                for what in ("-p tcp --dport 22", "-p icmp")
            ),
        ],
    )


def translation(description):
    """All nodes come from one address."""
    lines = [f"-A POSTROUTING -s {INTERNAL} -o {out} -j SNAT --to-source {description.nat}" for out in OUT]
    return table("nat", [":POSTROUTING ACCEPT"], lines if description.nat else [])
