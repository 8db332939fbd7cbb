#!/usr/bin/python3
"""Takes back files of ours that the description no longer has.

The host keeps a list of what it was given. It is written before anything is copied, so that nothing is there which it lacks.
"""

import json
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
  module: platform_withdrawn
  short_description: takes back files that the description no longer has
  description: Removes them, and stops a unit of which no file is left. A unit that keeps some hears of it in its own role.
  options:
    files: {description: "the manifest: what reloads or restarts for each path", type: dict, required: true}
"""

GIVEN = Path("/var/lib/platform/files.json")


def main():
    module = AnsibleModule(argument_spec={"files": {"type": "dict", "required": True}}, supports_check_mode=True)
    files = {path: unit_of(about) for path, about in module.params["files"].items()}
    if not files:
        module.fail_json(msg="the description has no file at all for this host; nothing is taken back")
    before = json.loads(GIVEN.read_text()) if GIVEN.exists() else {}
    gone = [path for path in before if path not in files]
    units = sorted({before[path] for path in gone} - {None} - set(files.values()))
    removed = [path for path in gone if Path(path).exists()]
    told = "".join([*(f"stop {unit}\n" for unit in units), *(f"remove {path}\n" for path in removed)])
    if not module.check_mode:
        for unit in units:
            stop(module, unit)
        for path in removed:
            Path(path).unlink()
        if removed:
            module.run_command(["systemctl", "daemon-reload"], check_rc=True)
        if files != before:
            GIVEN.parent.mkdir(parents=True, exist_ok=True)
            part = GIVEN.with_suffix(".part")
            part.write_text(json.dumps(files, indent=1) + "\n")
            part.replace(GIVEN)
    module.exit_json(changed=bool(told), diff={"prepared": told})


def unit_of(about):
    return about.get("reloads") or about.get("restarts")


def stop(module, unit):
    """A unit that is not there any more, with its package, is stopped too."""
    code, _, error = module.run_command(["systemctl", "disable", "--now", unit])
    if code and "does not exist" not in error and "not loaded" not in error:
        module.fail_json(msg=f"{unit}: {error.strip()}")


main()
