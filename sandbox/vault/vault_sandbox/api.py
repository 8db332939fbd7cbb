"""The HTTP API of the servers, as far as bringing them up needs it."""

import json
import ssl
import urllib.error
import urllib.request

from sandbox_machine.problems import Problem


class Api:
    """Speaks to one server, whose certificate has to be of the Vault's own CA."""

    def __init__(self, vault, server):
        self.vault = vault
        self.server = server
        context = ssl.create_default_context(cafile=str(vault.path("tls", "ca.pem")))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # No proxy: it is on loopback.
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        self.opener = urllib.request.build_opener(*handlers)

    def ask(self, path, body=None):
        """What an address of the API answers; a body is sent with PUT."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-Vault-Token": self.vault.token} if self.vault.token else {}
        url = f"{self.vault.url(self.server)}/v1/{path}"
        request = urllib.request.Request(url, data, headers, method="GET" if data is None else "PUT")
        try:
            with self.opener.open(request, timeout=60) as answer:
                return json.loads(answer.read() or "{}")
        except urllib.error.HTTPError as error:
            words = error.read().decode(errors="replace").strip()
            raise Problem(f"{self.server}: {path}: {error.code} {words}", self.vault.log(self.server)) from error
        except OSError as error:
            raise Problem(f"{self.server}: {path}: {error}", self.vault.log(self.server)) from error

    def health(self):
        """Whether it is initialised, sealed, or on standby; None if it does not answer."""
        try:
            return self.ask("sys/health?standbyok=true&sealedcode=200&uninitcode=200")
        except Problem:
            return None
