"""Filters and address translation of a namespace, in the words of iptables-restore."""

from sandbox_machine import namespaces

KNOWN = "-m conntrack --ctstate RELATED,ESTABLISHED"


def table(name, chains, lines):
    return "\n".join(
        [f"*{name}", *(chain if chain.endswith("-") else f"{chain} [0:0]" for chain in chains), *lines, "COMMIT", ""]
    )


def restore(namespace, text):
    namespaces.inside(namespace, "iptables-restore", text=text)
