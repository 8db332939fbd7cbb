"""Files that are written whole or not at all."""

import os


def write_whole(path, text, mode=0o666):
    """Writes a file that others read meanwhile."""
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    draft.rename(path)


def write_private(path, text):
    """Writes a file that only its owner can read."""
    write_whole(path, text, 0o600)
