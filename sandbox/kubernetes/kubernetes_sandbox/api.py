"""What the services answer: the API of the cluster, and whether each is well."""

import json
import ssl
import urllib.error
import urllib.request

from sandbox_machine.problems import Problem

from kubernetes_sandbox.certificates import pair


class Api:
    """Speaks to one service, as one user, and only if its certificate is of the cluster's own CA."""

    def __init__(self, cluster, service="apiserver", user="admin", authority="cluster", scheme="https"):
        self.cluster = cluster
        self.service = service
        self.base = f"{scheme}://127.0.0.1:{cluster.ports[service]}"
        context = ssl.create_default_context(cafile=str(cluster.path("tls", f"{authority}.pem")))
        context.load_cert_chain(*map(str, pair(cluster, user)))
        # No proxy: it is on loopback.
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        self.opener = urllib.request.build_opener(*handlers)

    def ask(self, path, body=None):
        """Text of an answer; a body is posted."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"})
        log = self.cluster.log(self.service)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            words = error.read().decode(errors="replace").strip()
            raise Refused(f"{self.service}: {path}: {error.code} {words}", log, error.code) from error
        except OSError as error:
            raise Problem(f"{self.service}: {path}: {error}", log) from error

    def get(self, path):
        return json.loads(self.ask(path))

    def make(self, path, thing):
        """Makes an object, unless it is there."""
        try:
            self.ask(path, thing)
        except Refused as refused:
            if refused.status != 409:
                raise


class Refused(Problem):
    """An answer that is no success."""

    def __init__(self, message, log, status):
        super().__init__(message, log)
        self.status = status


def well(cluster, service):
    """Whether a service says of itself that it is well."""
    path, how = HEALTH[service]
    try:
        Api(cluster, service, **how).ask(path)
    except Problem:
        return False
    return True


HEALTH = {
    "etcd": ("/health", {"user": "etcd-client", "authority": "etcd"}),
    "apiserver": ("/readyz", {}),
    "controller-manager": ("/healthz", {}),
    "scheduler": ("/readyz", {}),
    "kwok": ("/healthz", {"scheme": "http"}),
}
