"""What a user gives in JSON."""

import json
import sys
from pathlib import Path

from sandbox_machine.problems import Usage


def read(name):
    """Parsed JSON of a file; - is standard input."""
    try:
        return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text())
    except (OSError, ValueError) as error:
        raise Usage(f"{name}: {error}") from error
