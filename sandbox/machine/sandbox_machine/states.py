"""The folder of a state: whose it is, what is remembered in it, and its end."""

import json
import shutil
from dataclasses import asdict

from sandbox_machine.locks import exclusively
from sandbox_machine.problems import Usage

MEMORY = "private.json"


def recall(kind, root):
    """What is remembered in a folder, as a dataclass that knows its `root`; None if nothing is."""
    try:
        return kind(root=root, **json.loads((root / MEMORY).read_text()))
    except FileNotFoundError:
        return None


def remember(state, write):
    """Writes all but the folder, with one of the ways to write a file."""
    known = asdict(state)
    del known["root"]
    write(state.root / MEMORY, json.dumps(known, indent=1) + "\n")


def ours(root, otherwise):
    """Refuses a folder that holds something else; `otherwise` says what it then is."""
    if not root.exists() or (root / MEMORY).exists():
        return
    strange = [entry.name for entry in root.iterdir() if entry.name not in ("lock", f"{MEMORY}.new")]
    if strange:
        raise Usage(f"{root} is {otherwise}: it holds {', '.join(sorted(strange)[:3])}")


def remove(root, otherwise, load, end):
    """Ends what is remembered in a folder and removes all of it; content with what is half made, or gone."""
    if not root.exists():
        return False
    ours(root, otherwise)
    with exclusively(root):
        if state := load(root):
            end(state)
        shutil.rmtree(root)
    return True
