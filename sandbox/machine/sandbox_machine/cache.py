"""The folder outside the checkout for what takes long to make."""

import os
from pathlib import Path


def cache():
    """The cache of the whole project, made if it is not there."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "data-bridge-cdk"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
