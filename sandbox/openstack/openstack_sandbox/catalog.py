"""The services that Keystone knows: under which user they log in, and where they are."""

from openstack_sandbox import database
from openstack_sandbox.api import DOMAIN
from openstack_sandbox.state import REGION

# Type and path of each service in the catalog; Keystone itself is entered by its bootstrap.
ENTRIES = {
    "keystone": ("identity", "/v3"),
    "placement": ("placement", ""),
    "glance": ("image", ""),
    "neutron": ("network", ""),
    "nova": ("compute", "/v2.1"),
    "cinder": ("volumev3", "/v3/%(project_id)s"),
    "swift": ("object-store", "/v1/AUTH_%(project_id)s"),
    "octavia": ("load-balancer", ""),
}
INTERFACES = ("public", "internal", "admin")
# What octavia's policy asks of those who make load balancers, and of those who administer them.
ROLES = ("service", "load-balancer_member", "load-balancer_admin")


def register(api):
    """Enters users, roles, services and endpoints, once per template."""
    cloud = api.cloud
    roles = {role["name"]: role["id"] for role in api.get("keystone", "/v3/roles")["roles"]}
    for name in ROLES:
        if name not in roles:
            roles[name] = create(api, "role", name=name)
    project = create(api, "project", name="service", domain_id=DOMAIN["id"])
    for service, (kind, _) in ENTRIES.items():
        if service == "keystone":
            continue
        user = create(api, "user", name=service, domain_id=DOMAIN["id"], password=cloud.service_password)
        for role in ("admin", "service"):
            api.put("keystone", f"/v3/projects/{project}/users/{user}/roles/{roles[role]}")
        entry = create(api, "service", name=service, type=kind)
        for interface in INTERFACES:
            url = address(cloud, service)
            create(api, "endpoint", service_id=entry, interface=interface, url=url, region_id=REGION)


def create(api, kind, **fields):
    """Makes an object of Keystone; gives its id."""
    return api.post("keystone", f"/v3/{kind}s", {kind: fields})[kind]["id"]


def address(cloud, service):
    return cloud.url(service, ENTRIES[service][1])


def personalise(cloud):
    """Gives a restored database the ports and passwords of this cloud, before Keystone reads it."""
    import bcrypt

    move = (
        "UPDATE endpoint JOIN service ON service.id = endpoint.service_id SET endpoint.url = %s WHERE service.type = %s"
    )
    lock = (
        "UPDATE password JOIN local_user ON local_user.id = password.local_user_id "
        "SET password.password_hash = %s WHERE (local_user.name = 'admin') = %s"
    )
    statements = [(move, (address(cloud, service), kind)) for service, (kind, _) in ENTRIES.items()]
    for is_admin, password in ((True, cloud.admin_password), (False, cloud.service_password)):
        statements.append((lock, (bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)), is_admin)))
    database.execute(cloud, "keystone", statements)
