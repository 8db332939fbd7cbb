#!/usr/bin/python3
"""Runs a unit with the files that lie there now.

A handler hears of a change once: if the connection is lost before it runs, or it fails, the unit goes on with what it read
before, and no later run finds anything to do. So what a unit has taken is written down on the host, after it took it: which
files, and when and as what they were written (time and inode, since a copy makes both anew). What differs from that is taken.
"""

import json
import os
import socket
import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
  module: platform_unit
  short_description: runs a unit with the files that lie there now
  description: Enables and starts a unit; reloads or restarts it unless it has taken its files as they are.
  options:
    name: {description: "the unit, squid.service", type: str, required: true}
    files: {description: what it reads and its drop-ins, type: list, elements: str, required: true}
    reloads: {description: "what it reads too, of which it takes a change by a reload", type: list, elements: str}
    needs: {description: "without one of these it is only enabled, and started by a run that finds them", type: list, elements: str}
    takes: {description: how it takes a change, type: str, choices: [reload, restart], required: true}
    listens: {description: "addresses at which it answers then, 10.20.0.11:3128", type: list, elements: str}
"""

TAKEN = Path("/var/lib/platform/units")
# A reload that ends in a fatal error says nothing: the unit has to be there for a while.
PATIENCE, PAUSE, TIMES = 30.0, 0.5, 5


def main():
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "files": {"type": "list", "elements": "str", "required": True},
            "reloads": {"type": "list", "elements": "str", "default": []},
            "needs": {"type": "list", "elements": "str", "default": []},
            "takes": {"type": "str", "choices": ["reload", "restart"], "required": True},
            "listens": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    name, files, reloads, needs, takes, listens = (
        module.params[key] for key in ("name", "files", "reloads", "needs", "takes", "listens")
    )
    note = TAKEN / f"{name}.json"
    there = {file: written(file) for file in sorted([*files, *reloads])}
    before = taken(note)
    differs = {file for file in {*there, *before} if before.get(file, "") != there.get(file, "")}
    unit = settled(module, name)
    can_run = all(map(os.path.exists, needs))
    wanted = {
        "enable": unit["UnitFileState"] not in ("enabled", "static"),
        "start": can_run and unit["ActiveState"] != "active",
        takes: can_run and bool(differs - set(reloads)),
    }
    wanted["reload"] = wanted.get("reload", False) or (can_run and bool(differs) and not wanted[takes])
    does = [word for word, is_wanted in wanted.items() if is_wanted]
    if not does or module.check_mode:
        module.exit_json(changed=bool(does), diff={"prepared": "".join(f"{word} {name}\n" for word in does)})
    systemctl(module, "daemon-reload")
    systemctl(module, "enable", "--quiet", name)
    if not can_run:
        module.exit_json(changed=True)
    if wanted["start"]:
        # What failed often enough is not started before somebody says that it has changed.
        module.run_command(["systemctl", "reset-failed", name])
        systemctl(module, "start", name)
    elif wanted[takes] or wanted["reload"]:
        systemctl(module, takes if wanted[takes] else "reload", name)
    await_steady(module, name, listens)
    note.parent.mkdir(parents=True, exist_ok=True)
    part = note.with_suffix(".part")
    part.write_text(json.dumps(there, indent=1) + "\n")
    part.replace(note)
    module.exit_json(changed=True)


def written(file):
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return None
    return [found.st_mtime_ns, found.st_ino]


def taken(note):
    try:
        return json.loads(note.read_text())
    except (FileNotFoundError, ValueError):
        return {}


def settled(module, name):
    """What systemd says of the unit once it is not on its way any more: after a boot it may start yet by itself."""
    limit = time.monotonic() + PATIENCE
    while True:
        unit = shown(module, name)
        if unit["ActiveState"] not in ("activating", "deactivating", "reloading") or time.monotonic() > limit:
            return unit
        time.sleep(PAUSE)


def shown(module, name):
    """What systemd says of the unit; of one that is not there, that it does not run."""
    words = ["systemctl", "show", "--property=ActiveState,UnitFileState", name]
    lines = module.run_command(words, check_rc=True)[1].splitlines()
    return {"ActiveState": "", "UnitFileState": "", **dict(line.split("=", 1) for line in lines)}


def systemctl(module, *words):
    code, _, error = module.run_command(["systemctl", *words])
    if code:
        module.fail_json(msg=f"systemctl {' '.join(words)}: {error.strip() or code}")


def await_steady(module, name, listens):
    """Waits until the unit runs and answers several times on end."""
    limit, times = time.monotonic() + PATIENCE, 0
    # Timers and paths run nothing that could end a moment later.
    needed = TIMES if name.endswith(".service") else 1
    while times < needed:
        why = lacking(module, name, listens)
        times = 0 if why else times + 1
        if why and time.monotonic() > limit:
            module.fail_json(msg=f"{why}; journalctl -u {name} says more")
        if times < needed:
            time.sleep(PAUSE)


def lacking(module, name, listens):
    state = shown(module, name)["ActiveState"]
    if state != "active":
        return f"{name} is {state}"
    for each in listens:
        address, port = each.rsplit(":", 1)
        try:
            socket.create_connection((address, int(port)), timeout=5).close()
        except ConnectionResetError:
            continue  # It answers, and does not want us: a relay takes connections from whom flows name alone.
        except OSError as error:
            return f"{name} does not answer at {each}: {error}"
    return None


main()
