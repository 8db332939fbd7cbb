"""The end of a cloud."""

import shutil

from openstack_sandbox import ports, services
from openstack_sandbox.problems import Usage
from openstack_sandbox.state import Cloud, exclusively


def down(root):
    """Ends a cloud and removes all of it; content with one that is half made, or gone."""
    if not root.exists():
        return False
    ours(root)
    with exclusively(root):
        if cloud := Cloud.load(root):
            services.stop(cloud, services.SERVICES, kill=True)
            services.remove_sockets(cloud)
        shutil.rmtree(root)
    ports.release(root)
    return True


def ours(root):
    """Refuses a folder that holds something else."""
    if not root.exists() or (root / "private.json").exists():
        return
    strange = [entry.name for entry in root.iterdir() if entry.name not in ("lock", "private.json.new")]
    if strange:
        raise Usage(f"{root} is no cloud: it holds {', '.join(sorted(strange)[:3])}")
