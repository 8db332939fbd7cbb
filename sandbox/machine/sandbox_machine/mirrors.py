"""The mirrors that the machine itself uses: read from apt's own sources, so that nothing here names one."""

import shlex
from pathlib import Path

from sandbox_machine.problems import Usage

CODENAME = "bookworm"
APT = Path("/etc/apt")


def sources(apt=APT):
    """Lines of a sources.list for the suites of CODENAME that the machine has."""
    files = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]
    rows = []
    for file in files:
        if file.suffix == ".list" and file.is_file():
            rows += one_line(file.read_text())
        elif file.suffix == ".sources":
            rows += deb822(file.read_text())
    ours = [row for row in rows if row[2] == CODENAME or row[2].startswith(f"{CODENAME}-")]
    if not any(row[2] == CODENAME for row in ours):
        raise Usage(f"the apt sources of this machine have no {CODENAME}: the hosts are Debian 12")
    return [f"deb {options} {uri} {suite} {components}".replace("  ", " ") for options, uri, suite, components in ours]


def one_line(text):
    for line in text.splitlines():
        words = line.partition("#")[0].strip()
        if not words.startswith("deb "):
            continue
        options, rest = "", words[4:].strip()
        if rest.startswith("["):
            inner, _, rest = rest[1:].partition("]")
            options = kept(option.partition("=")[::2] for option in shlex.split(inner))
        uri, suite, *components = rest.split()
        yield options, uri, suite, " ".join(components)


def deb822(text):
    for stanza in text.split("\n\n"):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes") == "no":
            continue
        options = kept((key, fields.get(key, "")) for key in ("signed-by", "trusted"))
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield options, uri, suite, fields.get("components", "")


def kept(options):
    """The options that decide whom apt believes."""
    words = [f"{key}={value}" for key, value in options if key in ("signed-by", "trusted") and value]
    return f"[{' '.join(words)}]" if words else ""
