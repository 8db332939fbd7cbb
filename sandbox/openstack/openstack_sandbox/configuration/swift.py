"""Swift: objects, on one device."""

from openstack_sandbox.configuration.common import token_check
from openstack_sandbox.configuration.ini import render
from openstack_sandbox.state import REGION

PIPELINE = (
    "catch_errors gatekeeper healthcheck bulk tempurl authtoken s3api s3token keystoneauth copy "
    "container_quotas account_quotas slo dlo versioned_writes symlink proxy-server"
)
# Filters that need no settings.
PLAIN = (
    "catch_errors",
    "gatekeeper",
    "healthcheck",
    "bulk",
    "tempurl",
    "copy",
    "container_quotas",
    "account_quotas",
    "slo",
    "dlo",
    "symlink",
)


def files(cloud):
    stores = ("account", "container", "object")
    return {
        "swift.conf": render({"swift-hash": {"swift_hash_path_suffix": "sand", "swift_hash_path_prefix": "box"}}),
        "proxy-server.conf": proxy(cloud),
        **{f"{store}-server.conf": storage(cloud, store) for store in stores},
    }


def common(cloud):
    return {
        "swift_dir": cloud.path("etc"),
        "log_level": "WARNING",
        # Without this, all goes to the machine's syslog.
        "log_custom_handlers": "openstack_sandbox.daemons.swift.log_to_stderr",
    }


def storage(cloud, store):
    return render(
        {
            "DEFAULT": {**common(cloud), "devices": cloud.path("data", "swift"), "mount_check": False},
            "pipeline:main": {"pipeline": f"{store}-server"},
            f"app:{store}-server": {"use": f"egg:swift#{store}", "fallocate_reserve": 0},
        }
    )


def proxy(cloud):
    s3 = {**token_check(cloud, "swift"), "auth_uri": cloud.url("keystone", "/v3")}
    return render(
        {
            "DEFAULT": common(cloud),
            "pipeline:main": {"pipeline": PIPELINE},
            "app:proxy-server": {"use": "egg:swift#proxy", "account_autocreate": True},
            **{f"filter:{name}": {"use": f"egg:swift#{name}"} for name in PLAIN},
            # Versions of an S3 bucket need it, and the filter symlink.
            "filter:versioned_writes": {
                "use": "egg:swift#versioned_writes",
                "allow_versioned_writes": True,
                "allow_object_versioning": True,
            },
            "filter:s3api": {"use": "egg:swift#s3api", "s3_acl": False, "location": REGION},
            "filter:s3token": {"use": "egg:swift#s3token", **s3},
            "filter:authtoken": {
                "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory",
                "delay_auth_decision": True,
                **token_check(cloud, "swift"),
            },
            "filter:keystoneauth": {
                "use": "egg:swift#keystoneauth",
                "operator_roles": ["admin", "member"],
                # The operator looks into every account.
                "reseller_admin_role": "admin",
            },
        }
    )
