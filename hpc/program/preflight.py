"""Whether a deployment can work. It reads, and changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from login_node import Site
from order import Installation
from problems import Refused

# KiB and files, below which a module tree hardly fits.
ROOM, FILES = 5 * 1024 * 1024, 20_000


@dataclass(frozen=True)
class Row:
    what: str
    found: str
    ok: bool | None
    fix: str


def look(site: Site, chosen: list[Installation]) -> list[Row]:
    order = site.order
    asked = [f"partition {job.partition}" for each in chosen for job in each.jobs.values()]
    asked += [f"account {job.account} {job.qos or '-'}" for each in chosen for job in each.jobs.values()]
    if order.fetch == "login":
        urls = [urlsplit(url) for each in chosen for source in each.sources for url in source.urls]
        # What comes from PyPI comes by the configuration of pip, whichever index that names.
        hosts = {f"{url.scheme}://{url.netloc}" for url in urls if url.netloc}
        asked += [f"host {host}" for host in sorted(hosts)]
    text = [*order.tools.init, "#end", *dict.fromkeys(asked)]
    try:
        answer = site.call("preflight", order.tools.python, payload=joined(text), changes=False)
    except Refused as error:
        return [Row("login", str(error), False, "docs/runbooks/hpc.md")]
    blocks = modules_of(chosen)
    if blocks:
        answer += site.call("modules", payload=joined(blocks), changes=False)
    return [row(*words) for words in answer]


def modules_of(chosen: list[Installation]) -> list[str]:
    """Init lines, each once, and what has to be there after them."""
    blocks: dict[str, tuple[list[str], list[str]]] = {}
    for each in chosen:
        names, modules = blocks.setdefault(joined(each.init).decode(), ([], []))
        names.append(each.name)
        modules += each.toolchain
    return [
        line
        for init, (names, modules) in blocks.items()
        if modules
        for line in (*init.splitlines(), " ".join(["#modules", ",".join(names), *dict.fromkeys(modules)]))
    ]


def joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


FIX = {
    "prefix": "have the operator make it, with the group of the project and write permission",
    "group": "have the account added to it, or name another in the site file",
    "python": "name another Python or other init lines for the tools",
    "partition": "name one of the site's partitions in the site file: sinfo -s",
    "account": "name one of the account's projects in the site file",
    "qos": "name a quality of service that this account may use: sacctmgr show assoc",
    "host": "the login node does not reach it: fetch: brought, and deploy --sources",
    "init": "name init lines of the target that the site has: module spider. Its modules were not looked for",
    "module": "name modules and init lines that the site has: module spider",
}


def row(kind: str, *words: str) -> Row:
    """A line of what the login node has answered."""
    if kind == "login":
        return Row("login", words[0], True, "")
    if kind == "space":
        room, files, quota = (*words, "", "")[:3]
        enough = (not room.isdigit() or int(room) > ROOM) and (not files.isdigit() or int(files) > FILES)
        found = f"{int(room) // 1048576 if room.isdigit() else '?'} GiB, {files} files free" + (
            f"; quota {quota}" if quota else ""
        )
        return Row("space", found, enough, "" if enough else "remove releases, or ask for more")
    if kind in ("prefix", "group", "python"):
        how, found = words[0], " ".join(words[1:])
        return Row(kind, found, how == "ok", "" if how == "ok" else FIX[kind])
    name, how, found = words[0], words[1], sentence(" ".join(words[2:]))
    if how == "untold":
        return Row(f"{kind} {name}", found, None, "Slurm does not tell: ask the operator")
    return Row(f"{kind} {name}", found, how == "ok", "" if how == "ok" else FIX[kind])


def sentence(text: str) -> str:
    """The first that somebody has said: Lmod goes on with what one could do."""
    return re.split(r"  +(?=Please |Also |If )|(?<=[.!?]) +(?=[A-Z])", text.strip(), maxsplit=1)[0].strip()


def table(rows: list[Row]) -> str:
    width = max(len(each.what) for each in rows)
    signs = {True: "✓", False: "✗", None: "?"}
    lines = []
    for each in rows:
        lines.append(f"{signs[each.ok]} {each.what:<{width}}  {each.found}".rstrip())
        if each.fix:
            lines.append(f"  {'':<{width}}  fix: {each.fix}")
    return "\n".join(lines)
