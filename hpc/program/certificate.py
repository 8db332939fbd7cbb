"""Why a login fails, as far as this side can tell: certificates end."""

from __future__ import annotations

import re
import subprocess
import time
from datetime import datetime
from pathlib import Path


def ended(ssh_config: Path, connection: str) -> str:
    """Certificates of a connection that have ended. Empty, if none has."""
    asked = said(["ssh", "-F", str(ssh_config), "-G", connection])
    files = re.findall(r"^certificatefile (.+)$", asked, re.MULTILINE)
    files += [f"{key}-cert.pub" for key in re.findall(r"^identityfile (.+)$", asked, re.MULTILINE)]
    found = []
    for file in map(Path.expanduser, map(Path, files)):
        end = until(said(["ssh-keygen", "-L", "-f", str(file)])) if file.exists() else None
        if end is not None and end < time.time():
            found.append(f"certificate {file} has ended at {stamp(end)}")
    return ", ".join(found)


def until(text: str) -> float | None:
    """Of what ssh-keygen -L prints: local time, as it does. None of one that is valid forever."""
    found = re.search(r"^\s*Valid: from \S+ to (\d\S+)$", text, re.MULTILINE)
    return datetime.fromisoformat(found.group(1)).timestamp() if found else None


def stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(seconds))


def said(words: list[str]) -> str:
    return subprocess.run(words, capture_output=True, text=True, timeout=30, check=False).stdout
