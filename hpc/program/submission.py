"""A job, handed to Slurm through Troika."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from lease import Lease
from login_node import Site, run
from problems import Lost, Refused
from said import indented


def submit(site: Site, lease: Lease, kind: str, script: str, output: str) -> str:
    """The number of the job. One of that name that is there already is taken for ours: its name has the digest."""
    who = (lease.installation, lease.digest, *lease.words())
    name = named(script)
    there = site.call("submitting", *who, kind, name, output)
    if there:
        site.console.note(f"job {there[0][2]} of that name is there already")
        return there[0][2]
    try:
        job = troika(site, script, output)
    except Lost as error:
        site.console.note(str(error))
        there = site.call("submitting", *who, kind, name, output)
        if not there:
            raise
        return there[0][2]
    if not site.dry:
        site.console.note(f"job {job} submitted, output in {output}")
    site.call("submitted", *who, kind, job, output)
    return job


def named(script: str) -> str:
    found = re.search(r"^#\s*troika\s+name=(\S+)$", script, re.MULTILINE)
    if not found:
        raise Refused("the job has no name: # troika name=… is missing")
    return found.group(1)


def troika(site: Site, script: str, output: str) -> str:
    order = site.order
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "databridge.job")
        words = [order.troika_program, "-c", str(order.troika), "submit", "-u", order.user, "-o", output]
        words += [order.connection, str(file)]
        if site.dry:
            site.console.say("would run: " + " ".join(words) + " with\n" + indented(script))
            return "0"
        file.write_text(script)
        done = run(words, b"", 300)
        number = Path(f"{file}.jid")
        if number.exists() and number.read_text().strip():
            return number.read_text().strip()
        said = (done.stdout + done.stderr).decode(errors="replace")
        log = Path(f"{file}.submitlog")
        said += log.read_text() if log.exists() else ""
    if re.search(r"sbatch: error|Batch job submission failed", said):
        raise Refused(f"Slurm does not take the job\n{indented(said)}")
    raise Lost(f"Troika has not submitted the job ({done.returncode})\n{indented(said)}")
