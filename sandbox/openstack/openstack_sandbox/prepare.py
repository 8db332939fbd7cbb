"""What the operator of a cloud does before anybody else may use it; done again, it only changes what differs."""

import ipaddress
import secrets
import time

from sandbox_machine.console import step
from sandbox_machine.problems import Usage

from openstack_sandbox import credentials, quotas
from openstack_sandbox.api import DOMAIN, Api

# Any image will do where nothing boots.
IMAGE = b"\0" * 1024
MEMBER = ("member", "load-balancer_member")


def prepare(cloud, request):
    """Grants what a request asks for, and writes the credentials."""
    if request["name"] != cloud.name:
        raise Usage(f"a request for {request['name']}, and this is {cloud.name}")
    api = Api(cloud)
    with step(cloud.name, "images, flavors"):
        for image in request.get("images", []):
            grant_image(api, image)
        for flavor in request.get("flavors", []):
            grant_flavor(api, flavor)
    with step(cloud.name, "external network"):
        external = make_external(api, request["external"])
    entries = {}
    known = credentials.read(cloud)
    for tenancy in request.get("tenancies", []):
        with step(cloud.name, tenancy["cloud"]):
            project, _ = find_or_make(api, "project", tenancy["project"])
            quotas.grant(api, project, tenancy["quota"])
            for address in tenancy.get("granted", []):
                grant_address(api, external, project, address)
            entry = known.get(tenancy["cloud"])
            if not credentials.valid(cloud, entry, project):
                entry = make_user(api, tenancy, project)
            entries[tenancy["cloud"]] = entry
    credentials.write(cloud, {**known, **entries})


def grant_image(api, image):
    """Uploads an image under exactly the id that the site file knows."""
    found = {known["id"]: known for known in api.get("glance", "/v2/images", limit=1000)["images"]}.get(image["id"])
    if found is None:
        api.post(
            "glance",
            "/v2/images",
            {**image, "disk_format": "raw", "container_format": "bare", "visibility": "public"},
        )
    elif found["name"] != image["name"]:
        change = [{"op": "replace", "path": "/name", "value": image["name"]}]
        kind = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
        api.request("PATCH", "glance", f"/v2/images/{image['id']}", change, headers=kind)
    if found is None or found["status"] == "queued":
        kind = {"Content-Type": "application/octet-stream"}
        api.request("PUT", "glance", f"/v2/images/{image['id']}/file", data=IMAGE, headers=kind)


def grant_flavor(api, flavor):
    """Makes a flavor; one of another size is replaced, since flavors cannot be changed."""
    wanted = {"vcpus": flavor["vcpus"], "ram": flavor["ramMiB"], "disk": flavor["diskGiB"]}
    for known in api.get("nova", "/v2.1/flavors/detail", is_public="None")["flavors"]:
        if known["name"] == flavor["name"]:
            if all(known[key] == value for key, value in wanted.items()):
                return
            api.delete("nova", f"/v2.1/flavors/{known['id']}")
    api.post("nova", "/v2.1/flavors", {"flavor": {"name": flavor["name"], **wanted}})


def make_external(api, external):
    """The network of the public addresses; gives its id."""
    name, block = external["name"], ipaddress.ip_network(external["cidr"])
    known = api.get("neutron", "/v2.0/networks", name=name, **{"router:external": True})["networks"]
    if not known:
        fields = {"provider:network_type": "flat", "provider:physical_network": name, "router:external": True}
        known = [api.post("neutron", "/v2.0/networks", {"network": {"name": name, **fields}})["network"]]
    network = known[0]["id"]
    subnets = api.get("neutron", "/v2.0/subnets", network_id=network)["subnets"]
    if not subnets:
        # Neutron gives away the upper half; in the lower one addresses can be granted that nobody has taken meanwhile.
        upper = list(block.subnets())[1]
        fields = {
            "name": name,
            "network_id": network,
            "ip_version": block.version,
            "cidr": str(block),
            "gateway_ip": str(block[1]),
            "enable_dhcp": False,
            "allocation_pools": [{"start": str(upper[0]), "end": str(upper[-2])}],
        }
        api.post("neutron", "/v2.0/subnets", {"subnet": fields})
    elif subnets[0]["cidr"] != str(block):
        raise Usage(
            f"the network {name} has {subnets[0]['cidr']}, not {block}; addresses of it are in use · cloud.py reset"
        )
    return network


def grant_address(api, network, project, address):
    """Allocates a floating IP to a project."""
    found = api.get("neutron", "/v2.0/floatingips", floating_ip_address=address, project_id=project)["floatingips"]
    if not found:
        fields = {"floating_network_id": network, "floating_ip_address": address, "project_id": project}
        api.post("neutron", "/v2.0/floatingips", {"floatingip": fields})


def find_or_make(api, kind, name, **fields):
    """Id of a project or user, which is made if it is not there, and whether it was made."""
    found = api.get("keystone", f"/v3/{kind}s", name=name, domain_id=DOMAIN["id"])[f"{kind}s"]
    if found:
        return found[0]["id"], False
    request = {kind: {"name": name, "domain_id": DOMAIN["id"], **fields}}
    return api.post("keystone", f"/v3/{kind}s", request)[kind]["id"], True


def make_user(api, tenancy, project):
    """A plain member of the project; gives an entry of clouds.yaml. Its password is forgotten at once."""
    password = secrets.token_hex(16)
    user, fresh = find_or_make(api, "user", tenancy["cloud"], password=password)
    if not fresh:
        api.patch("keystone", f"/v3/users/{user}", {"user": {"password": password}})
        # Keystone counts seconds: of that in which a password changes it refuses every token, new ones too.
        time.sleep(1.1)
    for role in api.get("keystone", "/v3/roles")["roles"]:
        if role["name"] in MEMBER:
            api.put("keystone", f"/v3/projects/{project}/users/{user}/roles/{role['id']}")
    member = Api(api.cloud, tenancy["cloud"], password, tenancy["project"])
    path = f"/v3/users/{user}/application_credentials"
    for old in member.get("keystone", path)["application_credentials"]:
        member.delete("keystone", f"{path}/{old['id']}")
    fields = {"name": tenancy["cloud"], "roles": [{"name": role} for role in MEMBER], "unrestricted": False}
    made = member.post("keystone", path, {"application_credential": fields})["application_credential"]
    return credentials.entry(api.cloud, made["id"], made["secret"])
