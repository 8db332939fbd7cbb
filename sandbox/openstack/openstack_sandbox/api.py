"""The APIs of a cloud, as its administrator or as one of its users sees them."""

import requests
from sandbox_machine.problems import Problem

PATIENCE = 60
DOMAIN = {"id": "default"}


class Api:
    """A session with the token of one user in one project."""

    def __init__(self, cloud, user="admin", password=None, project="admin"):
        login = {"name": user, "domain": DOMAIN, "password": password or cloud.admin_password}
        identity = {"methods": ["password"], "password": {"user": login}}
        self.log_in(cloud, {"identity": identity, "scope": {"project": {"name": project, "domain": DOMAIN}}})

    @classmethod
    def with_credential(cls, cloud, credential, secret):
        """A session with an application credential."""
        api = cls.__new__(cls)
        known = {"id": credential, "secret": secret}
        api.log_in(cloud, {"identity": {"methods": ["application_credential"], "application_credential": known}})
        return api

    def log_in(self, cloud, auth):
        self.cloud = cloud
        self.session = requests.Session()
        # No proxy, no .netrc: all of this is on loopback.
        self.session.trust_env = False
        answer = self.request("POST", "keystone", "/v3/auth/tokens", {"auth": auth})
        self.session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
        token = answer.json()["token"]
        self.user, self.project = token["user"]["id"], token["project"]["id"]

    def request(self, method, service, path, json=None, **settings):
        """Sends a request to a service; whatever it refuses is a problem."""
        url = self.cloud.url(service, path)
        try:
            answer = self.session.request(method, url, json=json, timeout=PATIENCE, **settings)
        except requests.RequestException as error:
            raise Problem(f"{self.cloud.name}: {service} does not answer: {error}", self.cloud.log(service)) from error
        if not answer.ok:
            words = " ".join(answer.text.split())[:300]
            raise Problem(
                f"{self.cloud.name}: {service} {method} {path}: {answer.status_code} {words}", self.cloud.log(service)
            )
        return answer

    def get(self, service, path, **query):
        return self.request("GET", service, path, params=query).json()

    def post(self, service, path, json):
        answer = self.request("POST", service, path, json)
        return answer.json() if answer.content else {}

    def put(self, service, path, json=None):
        self.request("PUT", service, path, json)

    def patch(self, service, path, json):
        self.request("PATCH", service, path, json)

    def delete(self, service, path):
        self.request("DELETE", service, path)
