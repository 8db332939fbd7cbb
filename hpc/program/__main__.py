"""Deploys software modules to a supercomputer, and tells what is there. Nothing but ssh to a login node is needed."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import Callable, NoReturn

sys.dont_write_bytecode = True

import order as orders  # noqa: E402
import preflight  # noqa: E402
import report  # noqa: E402
from console import Console, complain  # noqa: E402
from deploy import Result, Wish, deploy, seen_by  # noqa: E402
from history import before  # noqa: E402
from hours import closed  # noqa: E402
from lease import Lease  # noqa: E402
from login_node import Site  # noqa: E402
from order import Order  # noqa: E402
from problems import DONE, FAILED, Lost, Misused, Refused, worst  # noqa: E402
from retest import retest  # noqa: E402
from seen import Look, Seen  # noqa: E402


def main(words: list[str]) -> int:
    asked = parser().parse_args(words)
    signal.signal(signal.SIGTERM, interrupted)
    try:
        return int(asked.does(orders.read(asked.order), asked))
    except Refused as error:
        complain(str(error))
        return error.code
    except KeyboardInterrupt:
        complain("interrupted: the next run goes on where this one has ended")
        return 130


def interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    all_of_it = argparse.ArgumentParser(prog="databridge-modules", description=__doc__)
    all_of_it.add_argument("--order", type=Path, required=True, metavar="DIR", help="what is to be there")
    commands = all_of_it.add_subparsers(metavar="COMMAND", required=True)

    sub = commands.add_parser("deploy", help="build, test and publish what is not there")
    sub.set_defaults(does=deploy_command)
    only(sub)
    sub.add_argument("--sources", type=Path, metavar="DIR", help="sources that are brought from here")
    sub.add_argument("--wheels", type=Path, metavar="DIR", help="packages of the tools that are brought from here")
    sub.add_argument("--again", action="store_true", help="what has failed too often, or was rolled back")
    sub.add_argument("--no-wait", action="store_true", help="end once a job is submitted (exit 3)")
    sub.add_argument("--dry-run", action="store_true", help="print commands that change something, and run none")
    sub.add_argument(
        "--incident", default="", metavar="TICKET", help="publish though the forecast runs, or changes are frozen"
    )
    sub.add_argument("--report", type=Path, metavar="FILE", help="what has been done, as JSON")
    sub.add_argument("--metrics", type=Path, metavar="FILE", help="in the text format of Prometheus")

    for name, does, what in (
        ("status", status_command, "what is there, and whether it is as it should be"),
        ("diff", diff_command, "modules that the order adds, removes and changes"),
        ("preflight", preflight_command, "whether a deployment can work; changes nothing"),
    ):
        sub = commands.add_parser(name, help=what)
        sub.set_defaults(does=does)
        only(sub)
        sub.add_argument("--json", action="store_true", help="for programs")
        if name == "status":
            sub.add_argument("--metrics", action="store_true", help="in the text format of Prometheus")

    sub = commands.add_parser("rollback", help="back to the release before; what is left is held")
    sub.set_defaults(does=rollback_command)
    sub.add_argument("installation", metavar="CYCLE/TARGET")
    sub.add_argument("--to", metavar="DIGEST", help="another release than the one before")
    sub.add_argument(
        "--incident", default="", metavar="TICKET", help="publish though the forecast runs, or changes are frozen"
    )

    sub = commands.add_parser("test", help="the tests again, of what is current")
    sub.set_defaults(does=test_command)
    only(sub)
    return all_of_it


def only(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--only", nargs="+", default=[], metavar="CYCLE/TARGET", help="instead of all")


def looking(order: Order, dry: bool = False) -> Site:
    """For a person who waits for what is seen: who is not reached, is told at once."""
    return Site(order, Console(order.site), dry, pauses=())


def deploy_command(order: Order, asked: argparse.Namespace) -> int:
    wish = Wish(asked.sources, asked.wheels, asked.again, not asked.no_wait, asked.incident)
    chosen = order.only(asked.only)
    began = time.time()
    rows: list[dict[str, object]] = []
    site = looking(order, dry=True) if asked.dry_run else Site(order, Console(order.site))
    try:
        look = seen_by(site, chosen, "short")
        codes = []
        for each in chosen:
            site.console = Console(f"{order.site} {each.name}")
            result = one(site, partial(deploy, site, each, look, wish))
            codes.append(result.code)
            rows.append(report.deployed(each, result, site.console.stages))
        return worst(codes)
    finally:
        site.hang_up()
        if asked.report:
            whole(asked.report, json.dumps({"site": order.site, "place": order.place, "installations": rows}, indent=1))
        if asked.metrics:
            whole(asked.metrics, report.metrics_of_deploy(order, rows, began, time.time()))


def one(site: Site, does: Callable[[], Result]) -> Result:
    """One that fails keeps no other from it, and neither does an answer that nobody understands."""
    try:
        return does()
    except Refused as error:
        code, why = error.code, str(error)
    except (ValueError, LookupError) as error:
        code, why = FAILED, f"the answer of the login node is not understood: {error!r}"
    complain(f"{site.console.name}  {why}")
    return Result(code, why)


def status_command(order: Order, asked: argparse.Namespace) -> int:
    chosen = order.only(asked.only)
    site = looking(order)
    look: Look | None = None
    problem: Refused | None = None
    try:
        look = seen_by(site, chosen, "full")
    except Refused as error:
        problem = error
    finally:
        site.hang_up()
    rows = [report.status(each, look.installations.get(each.name, Seen()), look) for each in chosen] if look else []
    if asked.metrics:
        print(report.metrics(order, rows, problem), end="")
    elif asked.json:
        print(
            json.dumps(
                {"site": order.site, "place": order.place, "problem": problem and str(problem), "installations": rows},
                indent=1,
            )
        )
    else:
        print(report.told(order, rows, look), end="")
    if problem:
        complain(str(problem))
        return problem.code
    return FAILED if any(row["drift"] for row in rows) else DONE


def diff_command(order: Order, asked: argparse.Namespace) -> int:
    chosen = order.only(asked.only)
    site = looking(order)
    try:
        look = seen_by(site, chosen, "short")
        rows = []
        for each in chosen:
            current = look.installations.get(each.name, Seen()).current
            path = f"{order.prefix}/{each.name}/work/{current}/site/modules"
            there = site.read("file", path).split() if current else []
            rows.append(
                {
                    "installation": each.name,
                    "current": current,
                    "wanted": each.digest,
                    **report.difference(there, each.modules),
                }
            )
    finally:
        site.hang_up()
    print(json.dumps(rows, indent=1) if asked.json else report.differences(rows), end="\n" if asked.json else "")
    return DONE


def preflight_command(order: Order, asked: argparse.Namespace) -> int:
    site = looking(order)
    try:
        rows = preflight.look(site, order.only(asked.only))
    finally:
        site.hang_up()
    print(json.dumps([row.__dict__ for row in rows], indent=1) if asked.json else preflight.table(rows))
    return FAILED if any(row.ok is False for row in rows) else DONE


def rollback_command(order: Order, asked: argparse.Namespace) -> int:
    [wanted] = order.only([asked.installation])
    why = closed(order.closed, time.time())
    if why and not asked.incident:
        raise Refused(f"{wanted.name}: {why}: wait, or name an --incident")
    site = Site(order, Console(f"{order.site} {wanted.name}"))
    lease = Lease(site, wanted.name, wanted.digest)
    try:
        seen = lease.take().installations[wanted.name]
        try:
            to = asked.to or before(seen)
            if not seen.current or not to:
                raise Refused(f"{wanted.name}: no release before {seen.current or 'it'} is there")
            if to == seen.current:
                raise Misused(f"{wanted.name}: {to} is current")
            if not seen.releases.get(to):
                raise Refused(f"{wanted.name}: release {to} is not there, or not complete")
            who = " ".join(filter(None, (lease.who, asked.incident)))
            # It gives the lease back itself.
            site.once("rollback", wanted.name, to, seen.current, *lease.words(), who)
        except BaseException as error:
            lease.free()
            if isinstance(error, Lost):
                raise Lost(f"{error}\n  status tells whether it was done") from error
            raise
    finally:
        site.hang_up()
    site.console.note(
        f"{to} is current. {seen.current} is held: it is not published again until the order changes, or deploy --again"
    )
    return DONE


def test_command(order: Order, asked: argparse.Namespace) -> int:
    """Of what is current, with the job that came with it."""
    chosen = order.only(asked.only)
    site = Site(order, Console(order.site))
    codes = []
    try:
        look = seen_by(site, chosen, "short")
        for each in chosen:
            site.console = Console(f"{order.site} {each.name}")
            codes.append(one(site, partial(retest, site, each, look)).code)
    finally:
        site.hang_up()
    return worst(codes)


def whole(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text(text)
    part.replace(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
