"""Folders of volumes. Kubernetes makes them in a place of its own choice, outside of the cluster's folder."""

import re
import shutil
from pathlib import Path

# As its provisioner has it; nothing changes it.
PLACE = Path("/tmp/hostpath_pv")
FOLDER = re.compile(rb"/tmp/hostpath_pv/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def remove(cluster):
    """Removes those of a cluster that has ended; etcd's files name all that were made, whatever became of the API."""
    made = {
        match[1].decode()
        for file in cluster.path("etcd").rglob("*")
        if file.is_file()
        for match in FOLDER.finditer(file.read_bytes())
    }
    for name in made:
        shutil.rmtree(PLACE / name, ignore_errors=True)
    # Others may have some there.
    if made and PLACE.is_dir() and not any(PLACE.iterdir()):
        PLACE.rmdir()
