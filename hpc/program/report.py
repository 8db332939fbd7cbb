"""What is told of installations: to people, to programs, to Prometheus."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable

from drift import drift
from history import recorded
from order import Installation, Order
from problems import HostKeyChanged, LoginNeeded, Refused
from seen import Look, Seen
from slurm import told as job_told

if TYPE_CHECKING:
    from deploy import Result

Row = dict[str, Any]


def status(wanted: Installation, seen: Seen, look: Look) -> Row:
    last = recorded(seen.history)
    tests = [event for event in seen.history if event.what.startswith("test-") and event.digest == seen.current]
    lease = seen.lease
    return {
        "installation": wanted.name,
        "wanted": wanted.digest,
        "waits": wanted.waits,
        "current": seen.current,
        "since": last.time if last and last.digest == seen.current else None,
        "held": wanted.digest in seen.held,
        "test": {"passed": tests[-1].what == "test-passed", "time": tests[-1].time} if tests else None,
        "failed": {kind: len(seen.failures(kind, wanted.mark)) for kind in seen.failed},
        "lease": {"who": lease.who, "until": lease.until, "stale": lease.until <= look.at} if lease else None,
        "jobs": {kind: {"id": job.id, "state": job.state} for kind, job in seen.jobs.items()},
        "drift": drift(seen),
    }


def told(order: Order, rows: list[Row], look: Look | None) -> str:
    lines = [f"{order.site}: {order.prefix}" + (f", seen from {look.host}" if look else "")]
    for row in rows:
        lines.append(f"{row['installation']}")
        now = (
            "is current" if row["current"] == row["wanted"] else f"is wanted, current is {row['current'] or 'nothing'}"
        )
        lines.append(f"  {row['wanted']} {now}" + (f", since {stamp(row['since'])}" if row["since"] else ""))
        if row["waits"]:
            lines.append(f"  waits for {', '.join(row['waits'])}")
        if row["held"]:
            lines.append("  held: it was rolled back, and deploy --again publishes it")
        if row["test"]:
            how = "passed" if row["test"]["passed"] else "FAILED"
            lines.append(f"  tests of it {how} {stamp(row['test']['time'])}")
        lines += [f"  {kind} has failed {count} times" for kind, count in row["failed"].items() if count]
        lines += [f"  {kind} job {job['id']}: {job_told(job['state'])}" for kind, job in row["jobs"].items()]
        if row["lease"]:
            how = "has run out" if row["lease"]["stale"] else f"until {stamp(row['lease']['until'])}"
            lines.append(f"  lease of {row['lease']['who']}, {how}")
        lines += [f"  DRIFT {each}" for each in row["drift"]]
    return "".join(f"{line}\n" for line in lines)


def stamp(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(seconds))


def deployed(wanted: Installation, result: Result, stages: list[dict[str, object]]) -> Row:
    return {
        "installation": wanted.name,
        "digest": wanted.digest,
        "code": result.code,
        "why": result.why,
        "stages": stages,
        "removed": result.removed,
    }


def difference(there: list[str], wanted: list[str]) -> dict[str, list[str]]:
    """Names and versions. One name with other versions is a change."""
    before, after = by_name(there), by_name(wanted)
    both = before.keys() & after.keys()
    return {
        "added": [f"{name}/{'+'.join(after[name])}" for name in sorted(after.keys() - both)],
        "removed": [f"{name}/{'+'.join(before[name])}" for name in sorted(before.keys() - both)],
        "changed": [
            f"{name}: {', '.join(before[name])} -> {', '.join(after[name])}"
            for name in sorted(both)
            if before[name] != after[name]
        ],
    }


def by_name(modules: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in sorted(modules):
        name, _, version = each.rpartition("/")
        found.setdefault(name, []).append(version)
    return found


def differences(rows: list[Row]) -> str:
    lines = []
    for row in rows:
        lines.append(f"{row['installation']}: {row['current'] or 'nothing'} -> {row['wanted']}")
        lines += [
            f"  {sign} {each}"
            for sign, kind in (("+", "added"), ("-", "removed"), ("~", "changed"))
            for each in row[kind]
        ]
        if row["current"] == row["wanted"]:
            lines.append("  nothing to do")
    return "".join(f"{line}\n" for line in lines)


# Prometheus


OF_STATUS: tuple[tuple[str, str, Callable[[Row], object]], ...] = (
    ("up_to_date", "1 if what is wanted is current", lambda row: int(row["current"] == row["wanted"])),
    ("waits", "Facts that a deployment waits for", lambda row: len(row["waits"])),
    ("held", "1 if what is wanted was rolled back", lambda row: int(row["held"])),
    ("published_timestamp_seconds", "When current was moved last", lambda row: row["since"]),
    (
        "test_passed",
        "1 if the last tests of what is current passed",
        lambda row: row["test"] and int(row["test"]["passed"]),
    ),
    ("test_timestamp_seconds", "When tests were run last", lambda row: row["test"] and row["test"]["time"]),
    ("build_failures", "Failed builds of what is wanted", lambda row: row["failed"]["build"]),
    ("test_failures", "Failed tests of what is wanted", lambda row: row["failed"]["test"]),
    ("lease_held", "1 if somebody deploys", lambda row: int(bool(row["lease"] and not row["lease"]["stale"]))),
    ("drift", "Things that are not as they were published", lambda row: len(row["drift"])),
)


def metrics(order: Order, rows: list[Row], problem: Refused | None) -> str:
    text = [
        family(f"databridge_modules_{name}", what, [({"site": order.site}, int(value))])
        for name, what, value in (
            ("reached", "1 if the site was reached", problem is None),
            ("login_needed", "1 if a person has to log in", isinstance(problem, LoginNeeded)),
            ("host_key_changed", "1 if the site shows another host key", isinstance(problem, HostKeyChanged)),
        )
    ]
    for name, what, value in OF_STATUS:
        samples = [(labels(order, row), value(row)) for row in rows]
        text.append(family(f"databridge_modules_{name}", what, samples))
    return "".join(text)


def metrics_of_deploy(order: Order, rows: list[Row], began: float, ended: float) -> str:
    codes = [(labels(order, row), row["code"]) for row in rows]
    return (
        family("databridge_modules_deploy_exit_code", "0: what is wanted is there, or held", codes)
        + family(
            "databridge_modules_deploy_seconds", "How long it took", [({"site": order.site}, round(ended - began, 1))]
        )
        + family("databridge_modules_deploy_timestamp_seconds", "When it ended", [({"site": order.site}, round(ended))])
    )


def labels(order: Order, row: Row) -> dict[str, str]:
    cycle, target = row["installation"].split("/")
    return {"site": order.site, "cycle": cycle, "target": target}


def family(name: str, what: str, samples: list[tuple[dict[str, str], Any]]) -> str:
    lines = [
        name + "{" + ",".join(f'{key}="{text}"' for key, text in words.items()) + f"}} {value}\n"
        for words, value in samples
        if value is not None
    ]
    return f"# HELP {name} {what}\n# TYPE {name} gauge\n" + "".join(lines) if lines else ""
