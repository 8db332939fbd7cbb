"""Quotas of a project, in the services that hold them."""

from sandbox_machine.problems import Usage

UNLIMITED = -1

# Word of the request → service and its own word.
WORDS = {
    "vcpus": ("nova", "cores"),
    "ramMiB": ("nova", "ram"),
    "instances": ("nova", "instances"),
    "serverGroups": ("nova", "server_groups"),
    "gigabytes": ("cinder", "gigabytes"),
    "volumes": ("cinder", "volumes"),
    "ports": ("neutron", "port"),
    "securityGroups": ("neutron", "security_group"),
    "securityGroupRules": ("neutron", "security_group_rule"),
    "floatingIps": ("neutron", "floatingip"),
    "loadBalancers": ("octavia", "load_balancer"),
}
# What no request names and no stack should run into.
GENEROUS = {
    "nova": {"server_group_members": 100, "key_pairs": 100, "metadata_items": 256},
    "cinder": {"per_volume_gigabytes": UNLIMITED, "snapshots": 1000, "backups": 1000},
    "neutron": {"network": 100, "subnet": 100, "router": 100},
    "octavia": {"listener": UNLIMITED, "pool": UNLIMITED, "member": UNLIMITED, "health_monitor": UNLIMITED},
}


def grant(api, project, quota):
    """Sets all quotas of a project; null, or a word that is missing, is unlimited."""
    if strange := sorted(set(quota) - set(WORDS)):
        raise Usage(f"no quota is called {', '.join(strange)} · there are {', '.join(WORDS)}")
    sets = {service: dict(extra) for service, extra in GENEROUS.items()}
    for word, (service, theirs) in WORDS.items():
        granted = quota.get(word)
        sets[service][theirs] = UNLIMITED if granted is None else granted
    api.put("nova", f"/v2.1/os-quota-sets/{project}", {"quota_set": {**sets["nova"], "force": True}})
    api.put("cinder", f"/v3/{api.project}/os-quota-sets/{project}", {"quota_set": sets["cinder"]})
    api.put("neutron", f"/v2.0/quotas/{project}", {"quota": sets["neutron"]})
    api.put("octavia", f"/v2/lbaas/quotas/{project}", {"quota": sets["octavia"]})
