"""What others may know of a supercomputer, as JSON and as a line for those who know hosts by their keys."""

import json

from sandbox_machine.files import write_whole

from hpc_sandbox import ssh


def publish(state):
    description = state.description
    key = ssh.public(ssh.pair(state, "host-key"))
    write_whole(state.root / "known_hosts", f"{','.join([description.host, *description.login])} {key}\n")
    told = {
        "name": state.name,
        "host": description.host,
        "login": description.login,
        "nat": description.nat,
        "auth": description.auth.kind,
        "hostKey": key,
        "fingerprint": ssh.fingerprint(state),
        "knownHosts": str(state.root / "known_hosts"),
        "users": {account.user: account.projects for account in description.accounts},
        "shared": ["/home", *description.shared],
    }
    write_whole(state.root / "hpc.json", json.dumps(told, indent=1) + "\n")
