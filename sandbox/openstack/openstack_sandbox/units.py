"""Units that start with the machine."""

import re
import subprocess
from contextlib import contextmanager
from pathlib import Path

UNITS = Path("/etc/systemd/system")


@contextmanager
def nothing_enabled():
    """Disables units that packages enable on the way (open-iscsi, rsyslog)."""
    before = enabled()
    try:
        yield
    finally:
        if fresh := sorted(enabled() - before):
            subprocess.run(["systemctl", "disable", *fresh], stdin=subprocess.DEVNULL, capture_output=True)


def enabled():
    """Names of the units that start with the machine."""
    links = UNITS.glob("*.wants/*") if UNITS.is_dir() else ()
    return {link.name for link in links if re.search(r"\.(service|socket|timer)$", link.name)}
