"""A Vault comes up, is unsealed, and goes."""

import time

from sandbox_machine import ports, states
from sandbox_machine.console import step
from sandbox_machine.locks import exclusively
from sandbox_machine.problems import Problem, Usage
from sandbox_machine.states import ours

from vault_sandbox import certificates, servers, wheel
from vault_sandbox.api import Api
from vault_sandbox.state import FOREIGN, Vault

PEERS = "sys/storage/raft/configuration"


def up(root, count):
    """A Vault that is unsealed and has an active server, whatever has been there before."""
    ours(root, FOREIGN)
    wheel.build()
    with exclusively(root):
        vault = Vault.load(root) or Vault.create(root, count or 1)
        if count and count != len(vault.servers):
            raise Usage(f"{root} has {len(vault.servers)} servers, not {count} · vault.py down {root}")
        if not vault.share:
            # Who was ended while it made the keys has kept none.
            servers.stop(vault, vault.servers, kill=True)
            vault.clear()
        vault.make_folders()
        certificates.make(vault)
        servers.start(vault, vault.servers)
        initialise(vault)
        unseal(vault, vault.servers)
        await_votes(vault)
        vault.publish()


def initialise(vault):
    """Makes the keys, and has the other servers join the first."""
    first, *others = vault.servers
    if not vault.share:
        with step("vault", "initialised"):
            made = Api(vault, first).ask("sys/init", {"secret_shares": 1, "secret_threshold": 1})
            vault.share, vault.token, vault.joined = made["keys_base64"][0], made["root_token"], [first]
            vault.save()
    lacking = [server for server in others if server not in vault.joined]
    if lacking:
        unseal(vault, vault.joined)
        # A server that has just joined has no vote for ten seconds: if the first died, nobody would follow it.
        path = "sys/storage/raft/autopilot/configuration"
        Api(vault, first).ask(path, {"server_stabilization_time": "1s"})
    authority = vault.path("tls", "ca.pem").read_text()
    for server in lacking:
        with step("vault", f"{server} joined"):
            Api(vault, server).ask(
                "sys/storage/raft/join", {"leader_api_addr": vault.url(first), "leader_ca_cert": authority}
            )
            key(vault, server)
            vault.joined.append(server)
            vault.save()


def start(vault, chosen):
    """Starts and unseals servers."""
    servers.start(vault, chosen)
    unseal(vault, chosen)


def unseal(vault, chosen):
    """Gives each server the key, and waits until one of the Vault is active, if there can be one."""
    with step("vault", "unsealed"):
        for server in chosen:
            key(vault, server)
        majority = len(vault.joined) // 2 + 1
        if (
            sum(row["answers"] for row in map(lambda server: servers.condition(vault, server), vault.joined))
            >= majority
        ):
            await_active(vault)


def key(vault, server):
    """Gives one server the key, and waits until it has taken it."""
    health = Api(vault, server).health()
    if health is None or health["sealed"]:
        Api(vault, server).ask("sys/unseal", {"key": vault.share})
    servers.until(vault, server, lambda health: health is not None and not health["sealed"], "stays sealed")


def await_votes(vault):
    """Waits until each server has a vote, so that a majority goes on without any one of them."""
    limit = time.monotonic() + servers.PATIENCE
    api = Api(vault, vault.servers[0])
    with step("vault", "all vote"):
        while sum(row["voter"] for row in api.ask(PEERS)["data"]["config"]["servers"]) < len(vault.servers):
            if time.monotonic() > limit:
                raise Problem("not every server has got a vote", vault.log(vault.servers[0]))
            time.sleep(0.05)


def await_active(vault):
    limit = time.monotonic() + servers.PATIENCE
    while not any(servers.condition(vault, server)["active"] for server in vault.joined):
        if time.monotonic() > limit:
            raise Problem("no server has become active", vault.log(vault.servers[0]))
        time.sleep(0.05)


def status(vault):
    """Each server, and whether all of the Vault is fit for work."""
    rows = [servers.condition(vault, server) for server in vault.servers]
    lacking = [row["server"] for row in rows if row["sealed"] is not False]
    if not any(row["active"] for row in rows):
        lacking.append("an active server")
    return {"healthy": not lacking, "lacking": lacking, "servers": rows}


def down(root):
    """Ends a Vault and removes all of it; content with one that is half made, or gone."""
    removed = states.remove(root, FOREIGN, Vault.load, lambda vault: servers.stop(vault, vault.servers, kill=True))
    if removed:
        ports.release(root)
    return removed
