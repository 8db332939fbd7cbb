"""The configuration file of a server."""

import json


def write(vault, server):
    """Writes the file of one server; gives its path."""
    listener = {
        "address": f"127.0.0.1:{vault.ports[server]}",
        "cluster_address": f"127.0.0.1:{vault.ports[f'{server}-raft']}",
        "tls_cert_file": str(vault.path("tls", "server.pem")),
        "tls_key_file": str(vault.path("tls", "server.key")),
        "tls_min_version": "tls13",
    }
    # Elections as fast as raft can: all servers are on this machine.
    raft = {"path": str(vault.path("raft", server)), "node_id": server, "performance_multiplier": 1}
    audit = {"description": "every request", "options": {"file_path": str(vault.audit)}}
    configuration = {
        "ui": False,
        "log_level": "warn",
        "api_addr": vault.url(server),
        "cluster_addr": f"https://127.0.0.1:{vault.ports[f'{server}-raft']}",
        "listener": [{"tcp": listener}],
        "storage": [{"raft": raft}],
        # Secret ids cannot be guessed: to be locked out by whoever knows a role's id would only stop its hosts.
        "user_lockout": [{"approle": {"disable_lockout": "true"}}],
        # OpenBao takes audit devices from here only.
        "audit": [{"file": {"file": audit}}],
    }
    file = vault.path("etc", f"{server}.json")
    file.write_text(json.dumps(configuration, indent=1) + "\n")
    return file
