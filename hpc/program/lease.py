"""Who deploys at a site: one at a time for each installation."""

from __future__ import annotations

import os
import secrets
import signal
import socket

from login_node import Site
from problems import Lost, Refused
from seen import Look, parse

# Seconds. Each contact renews it, and what takes longer than a moment, while it goes on. A poll comes every minute at least.
SHORT = 900


class Lease:
    def __init__(self, site: Site, installation: str, digest: str) -> None:
        self.site, self.installation, self.digest = site, installation, digest
        self.token = secrets.token_hex(8)
        self.who = f"{site.order.place} {socket.gethostname()} {os.getpid()}"

    def take(self) -> Look:
        """What is there once nobody else changes it."""
        words = (self.installation, self.digest, self.site.order.tools.digest, self.token, str(SHORT), self.who)
        try:
            answer = self.site.call("lock", *words)
        except (KeyboardInterrupt, Lost):
            # It may have been taken all the same.
            self.free()
            raise
        for word, *rest in answer:
            if word == "stale":
                self.site.console.note(f"the lease of {rest[2]} has run out, and is taken over")
        return parse(answer)

    def words(self) -> tuple[str, str]:
        return (self.token, str(SHORT))

    def free(self) -> None:
        """Not to be interrupted: others would wait until the lease has run out."""
        if self.site.dry:
            self.site.call("unlock", self.installation, self.token)
            return
        before = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            self.site.once("unlock", self.installation, self.token, limit=20)
        except Refused as error:
            self.site.console.note(f"the lease runs out by itself, since it could not be given back: {error}")
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
