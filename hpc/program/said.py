"""What ssh says, and what is meant. @see OpenSSH: sshconnect.c, sshconnect2.c"""

from __future__ import annotations

import re

from problems import HostKeyChanged, LoginNeeded, Lost, Refused

CHANGED = "shows another host key than is known. Its operator has changed it, or somebody stands between: docs/runbooks/hpc.md"
# A banner of the site comes before what ssh says itself.
OWN = 2
SAID: tuple[tuple[str, type[Refused], str], ...] = (
    (r"REMOTE HOST IDENTIFICATION HAS CHANGED|Offending .* key", HostKeyChanged, CHANGED),
    (r"No .* host key is known|Host key verification failed", Refused, "shows a host key of which nothing is known"),
    (
        r"Permission denied|Too many authentication failures",
        LoginNeeded,
        "does not let us in: its key is not registered, or not for this account, and a person has to log in",
    ),
    (r"Could not resolve hostname", Lost, "is not known here by that name: look at the resolvers"),
    (
        r"timed out|refused|No route to host|unreachable|closed|reset|[Bb]roken pipe|disconnect|not responding",
        Lost,
        "is not reached: it is away, or a firewall does not let us in",
    ),
)


def why(site: str, said: str) -> Refused:
    own = "\n".join(said.strip().split("\n")[-OWN:])
    for pattern, kind, meant in SAID:
        if re.search(pattern, said if kind is HostKeyChanged else own, re.IGNORECASE):
            banner = kind is Lost and re.search("maintenance", said, re.IGNORECASE)
            return kind(f"{site} {'is in maintenance, it says' if banner else meant}\n{indented(said)}")
    return Lost(f"{site}: the connection has ended\n{indented(said)}")


def indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines())
